"""The one mail of accounts: an invitation, sent at once because its secret is stored nowhere."""

from __future__ import annotations

from smtplib import SMTPException

from django.conf import settings
from django.core.mail import send_mail
from django.template.loader import render_to_string


def mail_invitation(email: str, workspace: str, inviter: str, address: str) -> bool:
    """Send `address`, the one-time link, to `email`; False when mail is not set up or fails.

    The link is on the inviter's screen either way.
    """
    if not settings.MAIL_IS_SET:
        return False
    values = {"workspace": workspace, "inviter": inviter, "address": address}
    text = render_to_string("accounts_web/invitation.txt", values)
    try:
        send_mail(f"Invitation to {workspace} on Headway".replace("\n", " "), text, None, [email])
    except (SMTPException, OSError):
        return False
    return True
