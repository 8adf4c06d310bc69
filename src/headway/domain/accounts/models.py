"""What accounts remembers: people, workspaces, membership, secrets (as hashes), the audit trail."""

from __future__ import annotations

import uuid
from typing import ClassVar

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.db import models

from headway.domain.accounts.rules import Role


class UserManager(BaseUserManager["User"]):
    """Makes users; passwords are set through Django's hashers only."""

    def create_user(self, email: str, name: str = "", password: str | None = None) -> User:
        """Store and return a user; without `password` nobody can sign in with one."""
        user = self.model(email=self.normalize_email(email).lower(), name=name)
        user.set_password(password)
        user.save(using=self._db)
        return user


class User(AbstractBaseUser):
    """A person who can sign in. What they may do is said by their memberships."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    email = models.EmailField(unique=True)
    name = models.CharField(max_length=200, blank=True)
    is_active = models.BooleanField(default=True)
    created_at = models.DateTimeField(auto_now_add=True)

    objects: ClassVar[UserManager] = UserManager()

    USERNAME_FIELD = "email"
    REQUIRED_FIELDS: ClassVar[list[str]] = []

    def __str__(self) -> str:
        return self.name or self.email

    def has_perm(self, _permission: str, _thing: object = None) -> bool:
        """Django's own permissions are not used: `accounts.rules.require` decides."""
        return False

    def has_module_perms(self, _label: str) -> bool:
        """See `has_perm`."""
        return False


class Workspace(models.Model):
    """The wall: every row belongs to one workspace, and nobody sees across."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    slug = models.SlugField(max_length=60, unique=True)
    name = models.CharField(max_length=200)
    time_zone = models.CharField(max_length=60, default="UTC")
    is_sample = models.BooleanField(default=False)
    pinned_at = models.DateTimeField(null=True, blank=True)  # the sample opens as of this moment
    created_at = models.DateTimeField()

    def __str__(self) -> str:
        return self.name

    @property
    def workspace_id(self) -> uuid.UUID:
        """A workspace belongs to itself."""
        return self.id


class WorkspaceRow(models.Model):
    """Base of every row that lives in a workspace."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    workspace = models.ForeignKey(Workspace, on_delete=models.CASCADE, related_name="+")

    class Meta:
        abstract = True


class Member(WorkspaceRow):
    """A user's place in a workspace."""

    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="memberships")
    role = models.CharField(max_length=20, choices=[(role, role) for role in Role])
    functions = models.JSONField(default=list, blank=True)
    joined_at = models.DateTimeField()
    last_seen_at = models.DateTimeField(null=True, blank=True)
    previous_seen_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["workspace", "user"], name="one_membership_each"),
        ]

    def __str__(self) -> str:
        return f"{self.user} ({self.role})"


class OneTimeLink(WorkspaceRow):
    """An invitation or a first sign-in: works once, expires, kept as a hash."""

    secret_hash = models.CharField(max_length=64, unique=True)
    purpose = models.CharField(max_length=20)  # invite, first_owner, sample
    email = models.EmailField(blank=True)
    role = models.CharField(max_length=20, choices=[(role, role) for role in Role])
    functions = models.JSONField(default=list, blank=True)
    created_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    used_at = models.DateTimeField(null=True, blank=True)

    def __str__(self) -> str:
        return f"{self.purpose} for {self.email or 'whoever holds it'}"


class Token(WorkspaceRow):
    """An API token: opaque, scoped, looked up on every request, never stored in the clear."""

    member = models.ForeignKey(Member, on_delete=models.CASCADE, related_name="tokens")
    name = models.CharField(max_length=100)
    hint = models.CharField(max_length=12)
    secret_hash = models.CharField(max_length=64, unique=True)
    scopes = models.JSONField(default=list)
    created_at = models.DateTimeField()
    expires_at = models.DateTimeField(null=True, blank=True)
    last_used_at = models.DateTimeField(null=True, blank=True)
    revoked_at = models.DateTimeField(null=True, blank=True)

    def __str__(self) -> str:
        return f"{self.name} ({self.hint}…)"


class AuditHead(models.Model):
    """Where a workspace's audit chain stands: locked while a row is added."""

    workspace = models.OneToOneField(Workspace, on_delete=models.CASCADE, primary_key=True)
    sequence = models.BigIntegerField(default=0)
    digest = models.CharField(max_length=64)

    def __str__(self) -> str:
        return f"{self.sequence}:{self.digest[:12]}"


class AuditEntry(models.Model):
    """Who did what to what, when: append-only, chained, written with the change itself."""

    id = models.BigAutoField(primary_key=True)
    workspace = models.ForeignKey(Workspace, on_delete=models.PROTECT, related_name="+")
    sequence = models.BigIntegerField()
    at = models.DateTimeField()
    actor = models.CharField(max_length=200)
    action = models.CharField(max_length=60)
    thing = models.CharField(max_length=300)
    text = models.TextField()  # canonical JSON of all of the above and the detail
    previous = models.CharField(max_length=64)
    digest = models.CharField(max_length=64)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["workspace", "sequence"], name="audit_sequence"),
        ]
        indexes: ClassVar = [
            models.Index(fields=["workspace", "action", "at"], name="audit_by_moment"),
        ]

    def __str__(self) -> str:
        return f"{self.sequence} {self.action} {self.thing}"


class GuessBucket(models.Model):
    """A token bucket: how many guesses at a secret are left for one key (address, account)."""

    key = models.CharField(max_length=200, primary_key=True)
    tokens = models.FloatField()
    updated_at = models.DateTimeField()

    def __str__(self) -> str:
        return f"{self.key}: {self.tokens:.1f}"


class IdempotentReply(models.Model):
    """The first answer to a POST with an Idempotency-Key, given again when it is repeated."""

    id = models.BigAutoField(primary_key=True)
    workspace = models.ForeignKey(Workspace, on_delete=models.CASCADE, related_name="+")
    actor = models.CharField(max_length=200)
    key = models.CharField(max_length=255)
    request_digest = models.CharField(max_length=64)
    status = models.IntegerField(null=True)  # null while the first request is still running
    body = models.TextField(blank=True)
    etag = models.CharField(max_length=100, blank=True)
    created_at = models.DateTimeField()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["workspace", "actor", "key"], name="one_reply_per_key"),
        ]

    def __str__(self) -> str:
        return f"{self.key}: {self.status}"
