"""One letter by SMTP. Nothing is repeated: a second copy is worse than none."""

from __future__ import annotations

import smtplib
import ssl
from email.message import EmailMessage
from email.utils import formatdate, make_msgid

from connector.config.digest import SmtpSettings
from connector.errors import Refused, Unreachable
from connector.redact import redact

PATIENCE = 20.0
"""Seconds for each answer of the server."""


def send(settings: SmtpSettings, to: str, subject: str, plain: str, html: str) -> None:
    """Raises Unreachable, or Refused where the server will not take it."""
    message = EmailMessage()
    message["From"], message["To"] = settings.sender, to
    message["Subject"] = " ".join(subject.split())
    message["Date"], message["Message-ID"] = formatdate(), make_msgid(domain=settings.sender.partition("@")[2])
    message["Auto-Submitted"] = "auto-generated"
    message.set_content(plain)
    message.add_alternative(html, subtype="html")
    try:
        _handed_over(settings, message)
    except (smtplib.SMTPServerDisconnected, smtplib.SMTPConnectError) as error:
        raise _silent(settings, error) from None
    except smtplib.SMTPException as error:  # before OSError, of which it is one
        raise Refused(f"the mail server refused the letter ({_code(error)})", where=settings.host) from None
    except OSError as error:
        raise _silent(settings, error) from None


def _handed_over(settings: SmtpSettings, message: EmailMessage) -> None:
    trust = ssl.create_default_context()
    if settings.security == "tls":
        server: smtplib.SMTP = smtplib.SMTP_SSL(settings.host, settings.port, timeout=PATIENCE, context=trust)
    else:
        server = smtplib.SMTP(settings.host, settings.port, timeout=PATIENCE)
    with server:
        if settings.security == "starttls":
            server.starttls(context=trust)
        if settings.user is not None and settings.password is not None:
            server.login(settings.user, settings.password.get_secret_value())
        server.send_message(message)


def _silent(settings: SmtpSettings, error: Exception) -> Unreachable:
    return Unreachable(f"the mail server does not answer ({redact(str(error))})", where=settings.host)


def _code(error: smtplib.SMTPException) -> str:
    """The server's number alone: its words may name the person."""
    if isinstance(error, smtplib.SMTPRecipientsRefused):
        return ", ".join(sorted({str(code) for code, _ in error.recipients.values()}))
    return str(getattr(error, "smtp_code", type(error).__name__))
