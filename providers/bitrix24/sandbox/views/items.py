"""crm.item.*: typed camelCase columns of leads, deals, contacts, companies and smart-process elements."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

from providers.bitrix24.sandbox.columns import Column
from providers.bitrix24.sandbox.portal import Portal
from providers.bitrix24.sandbox.rows import COMPANY, CONTACT, DEAL, LEAD, Item, UserField

C = Column[Item]
TEXTS = (
    ("comments", "COMMENTS"),
    ("sourceDescription", "SOURCE_DESCRIPTION"),
    ("originatorId", "ORIGINATOR_ID"),
    ("originId", "ORIGIN_ID"),
    ("utmSource", "UTM_SOURCE"),
    ("utmMedium", "UTM_MEDIUM"),
    ("utmCampaign", "UTM_CAMPAIGN"),
    ("utmContent", "UTM_CONTENT"),
    ("utmTerm", "UTM_TERM"),
)
_DISABLED = ("isWork", "isWon", "isLose", "receivedAmount", "lostAmount", "hasProducts")
"""Fields that the portal lists and never fills."""


def columns(portal: Portal, kind: int) -> list[C]:
    """Every column of this kind, custom fields last."""
    own = {LEAD: _lead, DEAL: _deal, CONTACT: _contact, COMPANY: _company}.get(kind, _smart)
    custom = [uf_column(field, kind) for field in portal.fields_of(portal.entity_of(kind))]
    return [*_base(), *own(), *_texts(kind), *custom, C("entityTypeId", "integer", lambda i: i.kind, read_only=True)]


def _base() -> list[C]:
    return [
        C("id", "integer", lambda i: i.id, "ID", "ID", read_only=True),
        C("title", "string", lambda i: i.title, "TITLE", "Название"),
        C("createdTime", "datetime", lambda i: i.created, "CREATED_TIME", "Когда создан", read_only=True),
        C("updatedTime", "datetime", lambda i: i.updated, "UPDATED_TIME", "Когда обновлен", read_only=True),
        C("createdBy", "user", lambda i: i.created_by, "CREATED_BY", "Кем создан", read_only=True),
        C("updatedBy", "user", lambda i: i.updated_by, "UPDATED_BY", "Кем обновлен", read_only=True),
        C("assignedById", "user", lambda i: i.owner, "ASSIGNED_BY_ID", "Ответственный"),
        C("opened", "yn", lambda i: True, "OPENED", "Доступно для всех", fixed=True),
        C("lastActivityBy", "user", lambda i: i.active_by, "LAST_ACTIVITY_BY", "Последнее дело", read_only=True),
        C("lastActivityTime", "datetime", lambda i: i.active, "LAST_ACTIVITY_TIME", "Последняя активность",
          read_only=True),
        C("companyId", "crm_company", lambda i: i.company, "COMPANY_ID", "Компания"),
        C("sourceId", "crm_status", lambda i: i.source, "SOURCE_ID", "Источник"),
        C("observers", "raw", lambda i: [], "OBSERVERS", "Наблюдатели", multiple=True, fixed=True),
        C("webformId", "integer", lambda i: 0, "WEBFORM_ID", "Создано CRM-формой", fixed=True),
    ]  # fmt: skip


def _staged() -> list[C]:
    return [
        C("categoryId", "integer", lambda i: i.category, "CATEGORY_ID", "Воронка"),
        C("stageId", "crm_status", lambda i: i.stage, "STAGE_ID", "Стадия"),
        C("movedTime", "datetime", lambda i: i.moved, "MOVED_TIME", "Когда передвинут", read_only=True),
        C("movedBy", "user", lambda i: i.moved_by, "MOVED_BY", "Кем передвинут", read_only=True),
        C("opportunity", "money", lambda i: i.amount, "OPPORTUNITY", "Сумма"),
        C("isManualOpportunity", "yn", lambda i: True, "IS_MANUAL_OPPORTUNITY", "Сумма вручную", fixed=True),
        C("taxValue", "money", lambda i: 0, "TAX_VALUE", "Сумма налога", fixed=True),
        C("currencyId", "crm_currency", lambda i: i.currency, "CURRENCY_ID", "Валюта"),
        C("contactId", "crm_contact", lambda i: i.contact, "CONTACT_ID", "Контакт"),
        C("contactIds", "raw", lambda i: [i.contact] if i.contact else [], "CONTACT_IDS", "Контакты", multiple=True),
        C("begindate", "date", lambda i: i.begin, "BEGINDATE", "Дата начала"),
        C("closedate", "date", lambda i: i.close, "CLOSEDATE", "Дата завершения"),
    ]


def _deal() -> list[C]:
    return [
        *_staged(),
        C("stageSemanticId", "string", lambda i: i.semantics, "STAGE_SEMANTIC_ID", "Группа стадий", read_only=True),
        C("isNew", "yn", lambda i: i.stage.endswith("NEW"), "IS_NEW", "Новая", read_only=True),
        C("isRecurring", "yn", lambda i: False, "IS_RECURRING", "Регулярная", fixed=True),
        C("isReturnCustomer", "yn", lambda i: False, "IS_RETURN_CUSTOMER", "Повторная", read_only=True, fixed=True),
        C("isRepeatedApproach", "yn", lambda i: False, "IS_REPEATED_APPROACH", "Обращение", read_only=True, fixed=True),
        C("closed", "yn", lambda i: i.semantics != "P", "CLOSED", "Закрыта", read_only=True),
        C("typeId", "crm_status", lambda i: "SALE", "TYPE_ID", "Тип", fixed=True),
        C("probability", "integer", lambda i: None, "PROBABILITY", "Вероятность", fixed=True),
        C("leadId", "crm_lead", lambda i: i.lead, "LEAD_ID", "Лид", read_only=True),
        C("quoteId", "crm_quote", lambda i: None, "QUOTE_ID", "Предложение", read_only=True, fixed=True),
        C("additionalInfo", "string", _extra("additionalInfo"), "ADDITIONAL_INFO", "Дополнительная информация"),
        *(C(name, "string", lambda i: None, _upper(name), read_only=True, fixed=True) for name in _DISABLED),
    ]


def _lead() -> list[C]:
    return [
        *(column for column in _staged() if column.name not in ("categoryId", "begindate", "closedate")),
        C("stageSemanticId", "string", lambda i: i.semantics, "STATUS_SEMANTIC_ID", "Группа стадий", read_only=True),
        C("statusDescription", "string", _extra("statusDescription"), "STATUS_DESCRIPTION", "Дополнительно о стадии"),
        C("dateClosed", "datetime", lambda i: i.closed_at, "DATE_CLOSED", "Дата закрытия", read_only=True),
        C("companyTitle", "string", _extra("companyTitle"), "COMPANY_TITLE", "Название компании"),
        C("name", "string", _extra("name"), "NAME", "Имя"),
        C("lastName", "string", _extra("lastName"), "LAST_NAME", "Фамилия"),
        C("isReturnCustomer", "yn", lambda i: False, "IS_RETURN_CUSTOMER", "Повторный", read_only=True, fixed=True),
        C("hasPhone", "yn", lambda i: bool(i.phone), "HAS_PHONE", "Задан телефон", read_only=True),
        C("fm", "raw", _phones, "FM", "Множественные поля", on_star=True),
    ]


def _contact() -> list[C]:
    return [
        C("name", "string", lambda i: i.title, "NAME", "Имя"),
        C("lastName", "string", _extra("lastName"), "LAST_NAME", "Фамилия"),
        C("companyIds", "raw", lambda i: [i.company] if i.company else [], "COMPANY_IDS", "Компании", multiple=True),
        C("hasPhone", "yn", lambda i: bool(i.phone), "HAS_PHONE", "Задан телефон", read_only=True),
        C("fm", "raw", _phones, "FM", "Множественные поля", on_star=True),
    ]


def _company() -> list[C]:
    return [
        C("isMyCompany", "yn", lambda i: False, "IS_MY_COMPANY", "Моя компания", fixed=True),
        C("companyType", "crm_status", lambda i: "CUSTOMER", "COMPANY_TYPE", "Тип", fixed=True),
        C("fm", "raw", _phones, "FM", "Множественные поля", on_star=True),
    ]


def _smart() -> list[C]:
    return [
        *_staged(),
        C("xmlId", "string", _extra("xmlId"), "XML_ID", "Внешний код"),
        C(
            "previousStageId",
            "crm_status",
            lambda i: None,
            "PREVIOUS_STAGE_ID",
            "Прежняя стадия",
            read_only=True,
            fixed=True,
        ),
        C("mycompanyId", "crm_company", lambda i: 0, "MYCOMPANY_ID", "Реквизиты", fixed=True),
    ]


def _texts(kind: int) -> list[C]:
    return [C(name, "string", _extra(name), upper, upper) for name, upper in TEXTS]


def _extra(name: str) -> Callable[[Item], Any]:
    return lambda item: item.extra.get(name)


def _phones(item: Item) -> list[dict[str, Any]]:
    if not item.phone:
        return []
    return [{"id": item.id * 10 + 1, "valueType": "WORK", "value": item.phone, "typeId": "PHONE"}]


def _upper(camel: str) -> str:
    return re.sub(r"([A-Z])", r"_\1", camel).upper()


def uf_column(field: UserField, kind: int, *, original: bool = False) -> C:
    """A custom field's column; its camel name has three spellings in the docs, only crm.item.fields tells which."""
    name = field.name

    def get(item: Item) -> Any:
        return item.uf.get(name)

    shown = name if original else camel(name)
    type = "raw" if field.multiple else KINDS.get(field.type, "string")
    return C(shown, type, get, name, field.label, dynamic=True, multiple=field.multiple)


KINDS = {"double": "double", "integer": "integer", "datetime": "datetime", "date": "date", "boolean": "uf_boolean"}
"""Custom field types with a value of their own kind; the others are text."""


def camel(upper: str) -> str:
    """UF_CRM_17000001 -> ufCrm_17000001, UF_CRM_7_KPI_FACT -> ufCrm7KpiFact, UF_CRM_KPI_SCORE -> ufCrmKpiScore."""
    owner = re.match(r"^UF_CRM_(\d+)_(?=.)", upper)
    head, rest = (f"ufCrm{owner[1]}", upper[owner.end() :]) if owner else ("ufCrm", upper.removeprefix("UF_CRM_"))
    parts = rest.lower().split("_")
    return head + "".join(f"_{part}" if part[:1].isdigit() else part.capitalize() for part in parts)
