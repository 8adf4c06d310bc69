"""What discussion remembers: comments, who follows what, links, and who is still to be told."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from simple_history.models import HistoricalRecords

from headway.domain.accounts.models import Member, WorkspaceRow


class Comment(WorkspaceRow):
    """What somebody said about a thing. A deleted one keeps its place, without its words."""

    kind = models.CharField(max_length=20)
    key = models.CharField(max_length=150)
    member = models.ForeignKey(Member, on_delete=models.SET_NULL, null=True, related_name="+")
    author = models.CharField(max_length=200)  # the name, should the member go
    at = models.DateTimeField()
    text = models.TextField(blank=True)
    mentions = models.JSONField(default=list, blank=True)  # [{"handle", "name", "member"}]
    edited_at = models.DateTimeField(null=True, blank=True)
    deleted_at = models.DateTimeField(null=True, blank=True)
    deleted_by = models.CharField(max_length=200, blank=True)
    version = models.IntegerField(default=1)

    history = HistoricalRecords()

    class Meta:
        indexes: ClassVar = [
            models.Index(fields=["workspace", "kind", "key", "at", "id"], name="comments_of_thing"),
        ]

    def __str__(self) -> str:
        return f"on {self.kind}:{self.key}"


class Watch(WorkspaceRow):
    """A member follows a thing, or has stopped: who stopped does not follow by themselves again."""

    kind = models.CharField(max_length=20)
    key = models.CharField(max_length=150)
    member = models.ForeignKey(Member, on_delete=models.CASCADE, related_name="+")
    is_on = models.BooleanField(default=True)

    history = HistoricalRecords()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["member", "kind", "key"], name="one_watch_each"),
        ]
        indexes: ClassVar = [
            models.Index(fields=["workspace", "kind", "key"], name="watches_of_thing"),
        ]

    def __str__(self) -> str:
        return f"of {self.kind}:{self.key}"


class Link(WorkspaceRow):
    """One thing points to another, or to an https address; both ends show it."""

    from_kind = models.CharField(max_length=20)
    from_key = models.CharField(max_length=150)
    sort = models.CharField(max_length=20)
    to_kind = models.CharField(max_length=20, blank=True)
    to_key = models.CharField(max_length=150, blank=True)
    url = models.CharField(max_length=2_000, blank=True)
    title = models.CharField(max_length=200, blank=True)
    member = models.ForeignKey(Member, on_delete=models.SET_NULL, null=True, related_name="+")
    made_by = models.CharField(max_length=200)
    made_at = models.DateTimeField()
    version = models.IntegerField(default=1)

    history = HistoricalRecords()

    class Meta:
        indexes: ClassVar = [
            models.Index(fields=["workspace", "from_kind", "from_key"], name="links_from_thing"),
            models.Index(fields=["workspace", "to_kind", "to_key"], name="links_to_thing"),
        ]
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=models.Q(url="") ^ models.Q(to_kind=""), name="thing_or_address"
            ),
        ]

    def __str__(self) -> str:
        end = self.url or f"{self.to_kind}:{self.to_key}"
        return f"{self.from_kind}:{self.from_key} {self.sort} {end}"[:300]


class Addressee(WorkspaceRow):
    """A member who is to be told of a comment: written with it, told afterwards by the notices."""

    member = models.ForeignKey(Member, on_delete=models.CASCADE, related_name="+")
    comment = models.ForeignKey(Comment, on_delete=models.CASCADE, related_name="addressees")
    why = models.CharField(max_length=20)  # mentioned, following
    at = models.DateTimeField()
    told_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["member", "comment"], name="told_of_comment_once"),
        ]
        indexes: ClassVar = [
            models.Index(
                fields=["workspace", "at"],
                condition=models.Q(told_at__isnull=True),
                name="untold_addressees",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.member_id} of {self.comment_id}"


class WatchMark(WorkspaceRow):
    """How far the changes of one kind of thing were told to who follows them."""

    kind = models.CharField(max_length=20)
    position = models.BigIntegerField()  # the last row of the kind's history that was read

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["workspace", "kind"], name="one_mark_each"),
        ]

    def __str__(self) -> str:
        return f"{self.kind}: {self.position}"
