"""Mail of nodemailer, which knows the servers of well-known providers by their names."""

from __future__ import annotations

from typing import TYPE_CHECKING

from scaleaudit.languages.patterns import HttpCall
from scaleaudit.values import Literal, literal_text

if TYPE_CHECKING:
    from scaleaudit.languages.callsites import CallSite
    from scaleaudit.languages.reader import Reader
    from scaleaudit.values import Value

# Source: "Well-known services", nodemailer.com/smtp/well-known-services.
PROVIDERS = {
    "gmail": "smtp.gmail.com", "google mail": "smtp.gmail.com", "googlemail": "smtp.gmail.com",
    "hotmail": "smtp-mail.outlook.com", "outlook": "smtp-mail.outlook.com",
    "outlook365": "smtp.office365.com", "office365": "smtp.office365.com",
    "yahoo": "smtp.mail.yahoo.com", "icloud": "smtp.mail.me.com", "zoho": "smtp.zoho.com",
    "sendgrid": "smtp.sendgrid.net", "mailgun": "smtp.mailgun.org", "postmark": "smtp.postmarkapp.com",
    "sparkpost": "smtp.sparkpostmail.com", "brevo": "smtp-relay.brevo.com",
    "sendinblue": "smtp-relay.sendinblue.com", "mailjet": "in-v3.mailjet.com",
    "mandrill": "smtp.mandrillapp.com", "fastmail": "smtp.fastmail.com", "yandex": "smtp.yandex.ru",
    "qq": "smtp.qq.com", "163": "smtp.163.com",
}  # fmt: skip


class ProviderMail(HttpCall, frozen=True):
    """`createTransport({ service: "gmail" })` leads to that provider's server."""

    def target(self, site: CallSite, reader: Reader) -> Value:
        found = HttpCall.target(self, site, reader)
        host = PROVIDERS.get((literal_text(found) or "").lower())
        return Literal(host) if host is not None else found
