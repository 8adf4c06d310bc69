"""Addresses of accounts: sign-in and one's own things, then a workspace's members, tokens, trail.

Of allauth's views only those that Headway uses are mounted: no sign-up, no e-mail change, no
sign-in by code, no connecting of social accounts.
"""

from __future__ import annotations

from allauth.account import views as account
from allauth.mfa.base import views as factor
from allauth.mfa.recovery_codes import views as codes
from allauth.mfa.totp import views as totp
from allauth.socialaccount import views as social
from allauth.socialaccount.providers.openid_connect import views as oidc
from django.urls import register_converter
from django.urls.converters import StringConverter

from headway.domain.accounts.rules import Permission
from headway.domain.accounts.rules.guesses import Door
from headway.interfaces.web.accounts import links, members, profile, tokens, trail
from headway.interfaces.web.accounts.limits import (
    limited,
    mailed_account,
    named_account,
    own_account,
    pending_account,
    reset_account,
)
from headway.interfaces.web.layout.routes import Public, SignedIn, route


class AccountConverter(StringConverter):
    """The account in a reset link: letters and digits, so that the first hyphen ends it."""

    regex = "[0-9A-Za-z]+"


register_converter(AccountConverter, "account")

_DOOR = Public("this is how one signs in")
_RESET = Public("whoever forgot the password is not signed in")
_PROVIDER = Public("the way to and from the single sign-on provider; `state` binds it to a session")
_OWN = SignedIn("one's own account, of whatever workspace")
_BOTH = ("GET", "POST")

_signing_in = [
    route(
        "accounts/login/",
        limited(account.login, Door.SIGN_IN, named_account),
        _DOOR,
        "account_login",
        _BOTH,
    ),
    route("accounts/logout/", account.logout, Public("ends a session"), "account_logout", _BOTH),
    route("accounts/inactive/", account.account_inactive, _DOOR, "account_inactive"),
    route(
        "accounts/2fa/authenticate/",
        limited(factor.authenticate, Door.SECOND_FACTOR, pending_account),
        _DOOR,
        "mfa_authenticate",
        _BOTH,
    ),
    route(
        "accounts/password/reset/",
        limited(account.password_reset, Door.RESET, mailed_account, excuse=False),
        _RESET,
        "account_reset_password",
        _BOTH,
    ),
    route(
        "accounts/password/reset/done/",
        account.password_reset_done,
        _RESET,
        "account_reset_password_done",
    ),
    route(
        "accounts/password/reset/key/<account:uidb36>-<str:key>/",
        limited(account.password_reset_from_key, Door.RESET, reset_account, methods=_BOTH),
        _RESET,
        "account_reset_password_from_key",
        _BOTH,
    ),
    route(
        "accounts/password/reset/key/done/",
        account.password_reset_from_key_done,
        _RESET,
        "account_reset_password_from_key_done",
    ),
    route(
        "accounts/oidc/<str:provider_id>/login/",
        oidc.login,
        _PROVIDER,
        "openid_connect_login",
        _BOTH,
    ),
    route(
        "accounts/oidc/<str:provider_id>/login/callback/",
        oidc.callback,
        _PROVIDER,
        "openid_connect_callback",
    ),
    route(
        "accounts/3rdparty/login/cancelled/",
        social.login_cancelled,
        _PROVIDER,
        "socialaccount_login_cancelled",
    ),
    route(
        "accounts/3rdparty/login/error/",
        social.login_error,
        _PROVIDER,
        "socialaccount_login_error",
    ),
    route("start/<str:secret>/", links.start, Public("the secret is the key"), "start", _BOTH),
]

_own = [
    route("", profile.choose_workspace, _OWN, "root"),
    route("profile/", profile.profile, _OWN, "profile", _BOTH),
    route(
        "profile/sessions/<int:session>/end/",
        profile.end_session,
        _OWN,
        "end_session",
        ("POST",),
    ),
    route(
        "profile/sessions/end/",
        profile.end_other_sessions,
        _OWN,
        "end_other_sessions",
        ("POST",),
    ),
    route(
        "accounts/reauthenticate/",
        limited(account.reauthenticate, Door.PASSWORD, own_account),
        _OWN,
        "account_reauthenticate",
        _BOTH,
    ),
    route(
        "accounts/password/change/",
        limited(account.password_change, Door.PASSWORD, own_account),
        _OWN,
        "account_change_password",
        _BOTH,
    ),
    route("accounts/password/set/", account.password_set, _OWN, "account_set_password", _BOTH),
    route("accounts/2fa/", factor.index, _OWN, "mfa_index"),
    route(
        "accounts/2fa/reauthenticate/",
        limited(factor.reauthenticate, Door.SECOND_FACTOR, own_account),
        _OWN,
        "mfa_reauthenticate",
        _BOTH,
    ),
    route(
        "accounts/2fa/totp/activate/",
        limited(totp.activate_totp, Door.SECOND_FACTOR, own_account),
        _OWN,
        "mfa_activate_totp",
        _BOTH,
    ),
    route(
        "accounts/2fa/totp/deactivate/", totp.deactivate_totp, _OWN, "mfa_deactivate_totp", _BOTH
    ),
    route(
        "accounts/2fa/recovery-codes/",
        codes.view_recovery_codes,
        _OWN,
        "mfa_view_recovery_codes",
    ),
    route(
        "accounts/2fa/recovery-codes/generate/",
        codes.generate_recovery_codes,
        _OWN,
        "mfa_generate_recovery_codes",
        _BOTH,
    ),
    route(
        "accounts/2fa/recovery-codes/download/",
        codes.download_recovery_codes,
        _OWN,
        "mfa_download_recovery_codes",
    ),
]

_HERE = "w/<slug:workspace>/settings/"

_workspace = [
    route(_HERE, members.settings_home, Permission.SELF, "settings"),
    route(_HERE + "members/", members.members, Permission.VIEW, "members"),
    route(_HERE + "members/invite/", members.invite, Permission.MEMBERS, "invite", ("POST",)),
    route(
        _HERE + "invitations/<uuid:link>/revoke/",
        members.revoke_invitation,
        Permission.MEMBERS,
        "revoke_invitation",
        ("POST",),
    ),
    route(
        _HERE + "members/<uuid:member>/role/",
        members.change_role,
        Permission.MEMBERS,
        "change_role",
        ("POST",),
    ),
    route(
        _HERE + "members/<uuid:member>/functions/",
        members.change_functions,
        Permission.MEMBERS,
        "change_functions",
        ("POST",),
    ),
    route(
        _HERE + "members/<uuid:member>/remove/",
        members.remove_member,
        Permission.MEMBERS,
        "remove_member",
        ("POST",),
    ),
    route(
        _HERE + "name/",
        members.rename_workspace,
        Permission.MEMBERS,
        "rename_workspace",
        ("POST",),
    ),
    route(_HERE + "tokens/", tokens.tokens, Permission.TOKEN, "tokens"),
    route(
        _HERE + "tokens/create/", tokens.create_token, Permission.TOKEN, "create_token", ("POST",)
    ),
    route(
        _HERE + "tokens/<uuid:token>/revoke/",
        tokens.revoke_token,
        Permission.TOKEN,
        "revoke_token",
        ("POST",),
    ),
    route(_HERE + "audit/", trail.audit, Permission.AUDIT, "audit"),
    route(_HERE + "audit/verify/", trail.verify_audit, Permission.AUDIT, "verify_audit", ("POST",)),
]

urlpatterns = [*_signing_in, *_own, *_workspace]
