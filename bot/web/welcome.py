"""What the sign-in page tells families, in their languages.

Drafted by a machine; no native reader has approved these lines, and the page says so.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Line:
    """One sentence or two in one language (BCP 47)."""

    language: str
    text: str


WELCOME = (
    Line("es", "No necesita una cuenta. Responda al mensaje de la escuela en el idioma que prefiera."),
    Line("ht", "Ou pa bezwen yon kont. Reponn mesaj lekòl la nan lang ou vle."),
    Line("pt", "Não é preciso ter conta. Responda à mensagem da escola no idioma que preferir."),
    Line("vi", "Quý vị không cần tài khoản. Xin trả lời tin nhắn của trường bằng ngôn ngữ quý vị muốn."),
    Line("zh-Hans", "您不需要账户。请用您习惯的语言回复学校的消息。"),
    Line("ar", "لا تحتاجون إلى حساب. يمكنكم الرد على رسالة المدرسة بأي لغة تريدونها."),
    Line(
        "fr",
        "Vous n’avez pas besoin de compte. Répondez au message de l’école dans la langue de votre choix.",
    ),
)
