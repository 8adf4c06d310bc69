"""Mails to people outside: each is tried a few times; a link's secret is made as it is sent."""

from __future__ import annotations

from datetime import datetime

from django.conf import settings
from django.core.mail import EmailMultiAlternatives

from headway.domain.accounts.rules import Actor, Permission, require
from headway.domain.accounts.rules.secrets import new_secret
from headway.domain.notices.rules import MOST_TRIES, next_mail_in
from headway.domain.sharing.actions.asking import PREFIX, address_of
from headway.domain.sharing.models import DecisionLink, Mailed
from headway.domain.sharing.queries.links import answer_page
from headway.domain.sharing.rules.mails import question_mail

#: Mails of one sort that go out in one turn.
AT_MOST = 200


def send_questions(actor: Actor, at: datetime) -> int:
    """Mail the questions that wait to be asked; return how many went out.

    The secret is made anew for each try and stored as a hash only: no table and no queue ever
    holds a link that works.
    """
    require(actor, Permission.SYNC)
    if not settings.MAIL_IS_SET:
        return 0
    waiting = DecisionLink.objects.filter(
        workspace_id=actor.workspace_id,
        mail_after__lte=at,
        mailed_at__isnull=True,
        used_at__isnull=True,
        revoked_at__isnull=True,
        expires_at__gt=at,
        tries__lt=MOST_TRIES,
        decision__state="open",
    )
    return sum(_ask(link, at) for link in waiting.order_by("mail_after", "id")[:AT_MOST])


def _ask(link: DecisionLink, at: datetime) -> bool:
    secret = new_secret(PREFIX)
    link.secret_hash = secret.hash
    link.save(update_fields=["secret_hash"])
    page = answer_page(secret.plain, at)
    subject, body = question_mail(page, address_of(secret.plain))
    mail = EmailMultiAlternatives(subject, body, settings.DEFAULT_FROM_EMAIL, [link.email])
    return dispatch(link, mail, at)


def dispatch(row: Mailed, mail: EmailMultiAlternatives, at: datetime) -> bool:
    """Send one mail, and remember on its row whether that worked; a failure waits for a retry."""
    try:
        mail.send()
    except OSError as error:  # smtplib's errors are OSErrors too
        row.tries += 1
        row.failure = str(error)[:500]
        row.mail_after = at + next_mail_in(row.tries)
        row.save(update_fields=["tries", "failure", "mail_after"])
        return False
    row.mailed_at, row.failure = at, ""
    row.save(update_fields=["mailed_at", "failure"])
    return True
