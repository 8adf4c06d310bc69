"""The forms of vendors: their fields are judged by the domain's own readers."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, ClassVar

from django import forms

from headway.domain.programs.rules.approving import ANSWER_FIELDS
from headway.domain.programs.rules.fields import Reader, number, text
from headway.domain.vendors.rules import (
    CATEGORIES,
    CONTRACT_FIELDS,
    INVOICE_FIELDS,
    ORDER_FIELDS,
    RECEIPT_FIELDS,
    VENDOR_FIELDS,
)
from headway.domain.vendors.rules.approvals import RULES_FIELDS
from headway.domain.vendors.rules.evidence import REVIEW_FIELDS
from headway.domain.vendors.rules.facts import a_price, an_amount
from headway.errors import Invalid
from headway.interfaces.web.programs.edit_forms import ReadForm, day_field, line, needed, words

#: Lines of an invoice, and promises of a contract, that their forms have room for.
LINES, PROMISES, DOCUMENTS = 5, 3, 3


def _pick(label: str, names: Sequence[str], help_text: str = "") -> forms.ChoiceField:
    choices = [(one, one.replace("_", " ").capitalize()) for one in names]
    return forms.ChoiceField(label=label, choices=choices, help_text=help_text, required=False)


def _amount(label: str, help_text: str = "") -> forms.CharField:
    return line(label, help_text, inputmode="decimal")


class VendorForm(ReadForm):
    """Who delivers to us."""

    readers: ClassVar[Mapping[str, Reader]] = VENDOR_FIELDS

    name = needed(line("Name"))
    kind = _pick("Mostly delivers", CATEGORIES)
    owner = line("Who of ours looks after it", list="edit-people")
    note = words("Note", 3, "Ours alone: the vendor never sees it.")


class ContractForm(ReadForm):
    """The terms of a contract."""

    readers: ClassVar[Mapping[str, Reader]] = {
        one: read for one, read in CONTRACT_FIELDS.items() if one not in ("sla", "documents")
    }

    name = needed(line("Name"))
    state = _pick("State", ("draft", "signed", "ended"))
    starts = needed(day_field("Starts"))
    ends = day_field("Ends", "Empty: until notice is given.")
    renewal = _pick("Renewal", ("none", "automatic", "option"))
    notice_days = _amount("Notice", "Days before the end; the last day for notice follows.")
    currency = needed(line("Currency", "Such as USD."))
    cap = _amount("Cap", "The most that may be ordered under it.")
    tax_is_cost = forms.BooleanField(label="Tax is not given back: it is a cost", required=False)
    wanted = line("Wanted evidence", "Such as dpa, security-review: judged from records.")
    program = line("Program", "Its address; empty: of no single one.", list="edit-programs")

    def __init__(self, data: Any = None, *, initial: Mapping[str, object] | None = None) -> None:  # noqa: ANN401 - as Django's forms take it
        """Fill the form, with room for promises and documents."""
        super().__init__(data, initial=initial)
        for place in range(1, PROMISES + 1):
            self.fields[f"metric_{place}"] = line(
                f"Promise {place}: what is held to", "late, accepted, or a metric such as kappa."
            )
            self.fields[f"bound_{place}"] = _amount("Bound", "Days of grace, or at least.")
            self.fields[f"credit_{place}"] = _amount("Credit", "A share of the value, as 0.05.")
            self.fields[f"most_{place}"] = _amount("At most", "A share; empty: all of it.")
        for place in range(1, DOCUMENTS + 1):
            self.fields[f"document_{place}"] = line(f"Document {place}", "Its name.")
            self.fields[f"url_{place}"] = line("Address", "Begins with https://.")


class OrderForm(ReadForm):
    """What is ordered: units at a price, or an amount."""

    readers: ClassVar[Mapping[str, Reader]] = ORDER_FIELDS

    name = needed(line("What is ordered"))
    contract = needed(line("Contract", "As vendor/key.", list="edit-contracts"))
    project = line("Project", "Whose cost it is.", list="edit-projects")
    category = _pick("Category", CATEGORIES)
    unit = line("Unit", "Such as label, hour.")
    units = _amount("Units")
    unit_price = _amount("Price of a unit")
    amount = _amount("Amount", "Empty where units and price say it.")
    ordered_on = day_field("Ordered on")
    needed_by = day_field("Needed by")
    state = _pick("State", ("open", "received", "closed", "cancelled"))


class ChangeForm(ReadForm):
    """More or less of an order."""

    readers: ClassVar[Mapping[str, Reader]] = {
        "reason": text(2_000, required=True),
        "units": number(-1e12, 1e12),
    }

    units = _amount("Units more", "Fewer: a minus.")
    amount = _amount("Amount more", "Of an order without a price of a unit.")
    reason = needed(words("Reason", 2))


class ReceiptForm(ReadForm):
    """What came."""

    readers: ClassVar[Mapping[str, Reader]] = RECEIPT_FIELDS

    received_on = day_field("Received on")
    delivered = _amount("Delivered", "Units.")
    accepted = _amount("Accepted", "Of them; empty: not judged yet.")
    amount = _amount("Worth", "Of an order without a price of a unit.")
    taken_by = line("Taken in by")
    batch = line("Batch")
    note = words("Note", 2)


class InvoiceForm(ReadForm):
    """What is billed, line by line."""

    readers: ClassVar[Mapping[str, Reader]] = INVOICE_FIELDS

    number = needed(line("Number", "As the paper has it."))
    invoiced_on = needed(day_field("Invoice date"))
    period_start = needed(day_field("Period from"))
    period_end = needed(day_field("Period to"))
    due_on = day_field("Due")
    currency = needed(line("Currency"))
    tax = _amount("Tax")
    file_name = line("File", "The name of the paper it came as.")
    file_digest = line("Digest of the file", "SHA-256, to know the paper again.")

    def __init__(self, data: Any = None, *, initial: Mapping[str, object] | None = None) -> None:  # noqa: ANN401 - as Django's forms take it
        """Fill the form, with room for LINES lines."""
        super().__init__(data, initial=initial)
        for place in range(1, LINES + 1):
            self.fields[f"order_{place}"] = self.order_field(place)
            self.fields[f"words_{place}"] = line("What")
            self.fields[f"units_{place}"] = _amount("Units")
            self.fields[f"unit_price_{place}"] = _amount("Price of a unit")
            self.fields[f"amount_{place}"] = _amount("Amount", "Empty: units times price.")

    def order_field(self, place: int) -> forms.Field:
        """Return the field that names the order of a line."""
        return line(f"Line {place}: order", "As program/key.", list="edit-orders")

    def clean(self) -> dict[str, object]:
        """Read the lines' numbers too, so that what is wrong is said beside its field."""
        held = super().clean()
        for place in range(1, LINES + 1):
            for name, read in (("units", number(0)), ("unit_price", a_price)):
                self._read(f"{name}_{place}", read)
        self._read("tax", an_amount)
        return held

    def _read(self, name: str, read: Reader) -> None:
        if name in self.errors:
            return
        try:
            read(name.rpartition("_")[0] or name, self.cleaned_data.get(name))
        except Invalid as error:
            self.add_error(name, str(error))


def own_invoice_form(orders: Sequence[tuple[str, str]]) -> type[InvoiceForm]:
    """Return the form in which a vendor's people choose among their own orders."""

    class OwnInvoiceForm(InvoiceForm):
        def order_field(self, place: int) -> forms.Field:
            choices = [("", "No order"), *orders]
            return forms.ChoiceField(label=f"Line {place}: order", choices=choices, required=False)

    return OwnInvoiceForm


class ReviewForm(ReadForm):
    """What was looked at of a contract."""

    readers: ClassVar[Mapping[str, Reader]] = REVIEW_FIELDS

    item = needed(line("What", "Such as dpa, security-review.", list="edit-wanted"))
    answer = _pick("Answer", ("met", "partly", "unmet", "not_applicable"))
    role = needed(line("In which role you say so"))
    link = line("Where it is written down", "Needed for “met”.")
    done_on = day_field("Done on")
    valid_until = day_field("Valid until")
    statement = words("Statement", 2)


class AnswerForm(ReadForm):
    """Approved, approved with conditions, or refused; and why."""

    readers: ClassVar[Mapping[str, Reader]] = ANSWER_FIELDS

    decision = forms.ChoiceField(
        label="Answer",
        choices=[
            ("approved", "Approved"),
            ("conditions", "Approved, with conditions"),
            ("refused", "Refused"),
        ],
    )
    statement = words("Statement")
    seen = forms.CharField(required=False, max_length=64, widget=forms.HiddenInput)


class RulesForm(ReadForm):
    """Whom the workspace asks, and how exact an invoice has to be."""

    readers: ClassVar[Mapping[str, Reader]] = RULES_FIELDS

    contract_functions = line("Ask about contracts", "Functions, such as legal, security.")
    order_functions = line("Ask about orders", "Functions, such as finance.")
    order_limits = line("Orders above", "As USD 10000, EUR 9000; up to it nobody is asked.")
    invoice_functions = line("Ask about invoices", "Functions, such as finance.")
    price_tolerance = _amount("A price may be off by", "A share, as 0.01; 0: exact to the cent.")
    units_tolerance = _amount("Units may be off by", "A share, as 0.01.")
