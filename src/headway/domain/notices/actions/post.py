"""Handing one letter to the mail server, and remembering whether that worked."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from django.conf import settings
from django.core.mail import EmailMultiAlternatives

from headway.domain.accounts.models import Workspace
from headway.domain.notices.models import Notice
from headway.domain.notices.rules import next_mail_in
from headway.rendering.letter import Letter, letter_html, letter_text


def below(workspace: Workspace, link: str) -> str:
    """Return the whole address of a path below the workspace's."""
    return f"{settings.BASE_URL}/w/{workspace.slug}/{link}"


def post(
    pile: Sequence[Notice],
    letter: Letter,
    address: str,
    at: datetime,
    *,
    stop: str = "",
    files: Sequence[tuple[str, str, str]] = (),
) -> bool:
    """Send a letter that tells `pile`; remember whether it worked.

    `stop` is the address that mail programs offer as "unsubscribe" (RFC 8058); `files` go with it,
    each by its name, its text and its type.
    """
    headers = {"Auto-Submitted": "auto-generated"}
    if stop:
        headers["List-Unsubscribe"] = f"<{stop}>"
        headers["List-Unsubscribe-Post"] = "List-Unsubscribe=One-Click"
    mail = EmailMultiAlternatives(
        letter.one_line_subject,
        letter_text(letter),
        settings.DEFAULT_FROM_EMAIL,
        [address],
        headers=headers,
    )
    mail.attach_alternative(letter_html(letter), "text/html")
    for name, text, content_type in files:
        mail.attach(name, text, content_type)
    try:
        mail.send()
    except OSError as error:
        for notice in pile:
            notice.tries += 1
            notice.failure = str(error)[:500]
            notice.mail_after = at + next_mail_in(notice.tries)
        Notice.objects.bulk_update(pile, ["tries", "failure", "mail_after"])
        return False
    ids = [notice.id for notice in pile]
    Notice.objects.filter(id__in=ids).update(mailed_at=at, failure="")
    return True
