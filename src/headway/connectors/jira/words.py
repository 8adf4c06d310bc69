"""What Jira's fields, links, types and resolutions are called, where only a name tells them."""

from __future__ import annotations

import unicodedata

#: Custom fields that Atlassian's own add-ons make, by the type in their schema.
SPRINT = "com.pyxis.greenhopper.jira:gh-sprint"
EPIC = "com.pyxis.greenhopper.jira:gh-epic-link"
POINTS = "com.pyxis.greenhopper.jira:jsw-story-points"
TARGET_START = "com.atlassian.jpo:jpo-custom-field-baseline-start"
TARGET_END = "com.atlassian.jpo:jpo-custom-field-baseline-end"

_POINTS = (
    "story points",
    "story point estimate",
    "story point",
    "storypoints",
    "points",
    "story-points",
    "points d'histoire",
    "puntos de historia",
    "pontos de historia",
    "punti storia",
    "ストーリーホイント",
    "故事点",
    "стори поинты",
    "스토리 포인트",
)
_STARTS = (
    "start date",
    "startdatum",
    "date de debut",
    "fecha de inicio",
    "data de inicio",
    "data inizio",
    "begindatum",
    "дата начала",
    "開始日",
    "开始日期",
    "시작 날짜",
)
#: What a link's outward side says when the issue it stands on comes first, and when it comes later.
_FIRST = {"blocks", "blockiert", "bloque", "bloquea", "bloqueia", "blocca", "blokkeert", "blokuje"}
_FIRST |= {"блокирует", "阻止", "ブロック", "has to be done before", "has to be finished before"}
_FIRST |= {"is depended on by", "is required for", "must be done before", "precedes"}
_LATER = {"depends on", "is blocked by", "requires", "has to be done after", "hangt ab von"}
_LATER |= {"depend de", "depende de", "dipende da", "follows", "must be done after"}
_MILESTONES = {"milestone", "meilenstein", "jalon", "hito", "marco", "mijlpaal", "веха", "里程碑"}
_MILESTONES |= {"マイルストーン", "마일스톤"}
_DROPPED = {
    "won't do", "won't fix", "wont do", "wont fix", "will not fix", "duplicate", "declined",
    "rejected", "cancelled", "canceled", "obsolete", "invalid", "abandoned", "not a bug",
    "cannot reproduce", "not reproducible", "withdrawn", "out of scope", "deferred",
    "wird nicht erledigt", "wird nicht behoben", "duplikat", "abgelehnt", "abgebrochen",
    "verworfen", "ne sera pas fait", "ne sera pas corrige", "doublon", "refuse", "annule",
    "abandonne",
    "no se hara", "no se corregira", "duplicado", "rechazado", "cancelado", "descartado",
    "nao sera feito", "nao sera corrigido", "duplicada", "rejeitado", "recusado",
    "non verra eseguito", "non sara corretto", "duplicato", "rifiutato", "annullato",
    "wordt niet gedaan", "duplicaat", "afgewezen", "geannuleerd", "nie zostanie wykonane",
    "duplikat zgloszenia", "odrzucone", "anulowane", "не будет сделано", "не будет исправлено",
    "дубликат", "отклонено", "отменено", "修正しない", "対応しない", "重複", "却下", "取消", "不做",
    "不修复", "重复", "已取消", "拒绝", "하지 않음", "수정 안 함", "중복", "취소됨",
}  # fmt: skip


def plain(text: str) -> str:
    """Return `text` as names are compared: lower case, without accents, single spaces."""
    cut = unicodedata.normalize("NFKD", text.casefold().replace("ß", "ss").replace("\u2019", "'"))
    bare = "".join(one for one in cut if not unicodedata.combining(one))
    return " ".join(unicodedata.normalize("NFKC", bare).split())


def _all(words: set[str] | tuple[str, ...]) -> frozenset[str]:
    return frozenset(plain(word) for word in words)


POINT_NAMES, START_NAMES = _all(_POINTS), _all(_STARTS)
COMES_FIRST, COMES_LATER = _all(_FIRST), _all(_LATER)
MILESTONES, DROPPED = _all(_MILESTONES), _all(_DROPPED)
