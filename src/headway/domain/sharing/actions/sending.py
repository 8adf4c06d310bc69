"""Mails to people outside: each is tried a few times; a link's secret is made as it is sent."""

from __future__ import annotations

from datetime import datetime

from django.conf import settings
from django.core.mail import EmailMultiAlternatives

from headway.domain.accounts.rules import Actor, Permission, require
from headway.domain.accounts.rules.secrets import new_secret
from headway.domain.notices.rules import MOST_TRIES, next_mail_in
from headway.domain.programs.queries import program_named
from headway.domain.reports.models import Report
from headway.domain.reports.queries import Drawing, report_content, report_mail
from headway.domain.reports.rules import Format
from headway.domain.sharing.actions.asking import PREFIX, address_of
from headway.domain.sharing.actions.shares import PREFIX as SHARE_PREFIX
from headway.domain.sharing.actions.shares import shared_address
from headway.domain.sharing.models import DecisionLink, Mailed, PackMail, ReportLink
from headway.domain.sharing.queries.links import answer_page
from headway.domain.sharing.rules import USUAL_SHARE
from headway.domain.sharing.rules.mails import one_line, question_mail

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
    return put_out(link, mail, at)


def send_packs(actor: Actor, at: datetime) -> int:
    """Mail the packs that were sent on a word or by an order; return how many mails went out."""
    require(actor, Permission.SYNC)
    if not settings.MAIL_IS_SET:
        return 0
    waiting = PackMail.objects.select_related(
        "dispatch__order__program", "dispatch__order__ordered_by", "dispatch__report__template"
    ).filter(
        workspace_id=actor.workspace_id,
        mail_after__lte=at,
        mailed_at__isnull=True,
        tries__lt=MOST_TRIES,
    )
    return sum(_deliver(actor, row, at) for row in waiting.order_by("mail_after", "id")[:AT_MOST])


def _deliver(actor: Actor, row: PackMail, at: datetime) -> bool:
    order, report = row.dispatch.order, row.dispatch.report
    if report is None:
        return False
    program = program_named(actor, order.program.slug)
    told = report_mail(actor, program, report.number, order.audiences[0])
    text, html = told.text, told.html
    if order.by_link:
        address = _fresh_link(row, report, at)
        text = f"{text}\nRead it here, for {USUAL_SHARE.days} days: {address}\n"
        html = f'{html}<p>Read it <a href="{address}">here</a>, for {USUAL_SHARE.days} days.</p>'
    mail = EmailMultiAlternatives(
        one_line(told.subject),
        text,
        settings.DEFAULT_FROM_EMAIL,
        [row.email],
        headers={"Auto-Submitted": "auto-generated"},
    )
    mail.attach_alternative(html, "text/html")
    if not order.by_link:
        for audience in order.audiences:
            for form in order.formats:
                drawing = Drawing(Format(form), audience)
                file = report_content(actor, program, report.number, drawing)
                mail.attach(file.name, file.data, file.content_type.partition(";")[0])
    return put_out(row, mail, at)


def _fresh_link(row: PackMail, report: Report, at: datetime) -> str:
    """Return a link for this recipient, its secret made anew for each try and kept nowhere."""
    secret = new_secret(SHARE_PREFIX)
    order = row.dispatch.order
    if row.link is None:
        row.link = ReportLink.objects.create(
            workspace_id=row.workspace_id,
            report=report,
            secret_hash=secret.hash,
            whom=row.name,
            audience=order.audiences[0],
            formats=list(dict.fromkeys([str(Format.HTML), *order.formats])),
            made_by_id=order.ordered_by_id,
            created_at=at,
            expires_at=at + USUAL_SHARE,
        )
        row.save(update_fields=["link"])
    else:
        row.link.secret_hash = secret.hash
        row.link.save(update_fields=["secret_hash"])
    return shared_address(secret.plain)


def put_out(row: Mailed, mail: EmailMultiAlternatives, at: datetime) -> bool:
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
