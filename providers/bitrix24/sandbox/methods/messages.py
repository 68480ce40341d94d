"""Comments in timelines and notices to people."""

from __future__ import annotations

from providers.bitrix24.sandbox.answers import RestError, Result
from providers.bitrix24.sandbox.desk import Call
from providers.bitrix24.sandbox.methods.registry import method
from providers.bitrix24.sandbox.php import whole


@method("crm.timeline.comment.add", "crm")
def comment_add(call: Call) -> Result:
    """Only lower-case `fields` is read here (since crm 23.100.0)."""
    fields = call.params.raw.get("fields")
    if not isinstance(fields, dict) or not str(fields.get("COMMENT") or "").strip():
        raise RestError("INVALID_ARG_VALUE", "Invalid value of argument COMMENT")
    number = len(call.portal.comments) + 1
    call.portal.comments[number] = dict(fields)
    call.wrote()
    return Result(number)


@method("im.notify.system.add", "im")
def notify(call: Call) -> Result:
    """A notice; one with the same TAG takes the earlier one's place. A webhook must name a CLIENT_ID with a TAG."""
    user, message, tag = (
        whole(call.params.get("USER_ID", 0)),
        call.params.text("MESSAGE").strip(),
        call.params.text("TAG"),
    )
    if user not in call.portal.people.rows:
        raise RestError("USER_ID_EMPTY", "User ID can't be empty")
    if not message:
        raise RestError("MESSAGE_EMPTY", "Message can't be empty")
    if tag and not call.app and not call.params.text("CLIENT_ID"):
        raise RestError("CLIENT_ID_EMPTY", "Client ID is required for a tag")
    notices = call.portal.notices
    number = max(notices, default=0) + 1
    for old in [key for key, notice in notices.items() if tag and notice["TAG"] == tag]:
        del notices[old]
    notices[number] = {"USER_ID": user, "MESSAGE": message, "TAG": tag}
    call.wrote()
    return Result(number)
