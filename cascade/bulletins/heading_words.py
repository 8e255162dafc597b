"""What the headings of bulletins are called: the languages most read here, English for the rest."""

from collections.abc import Mapping
from types import MappingProxyType

from toolkits import HEADINGS


def _words(*words: str) -> Mapping[str, str]:
    return MappingProxyType(dict(zip((CONTENTS, *HEADINGS), words, strict=True)))


CONTENTS = "contents"
"""What stands above the list of what is in an issue."""
_ENGLISH = _words(
    *("In this issue", "Top story", "For action", "For information", "Training and events"),
    "You said, we did",
)
HEADING_WORDS = MappingProxyType({heading: _ENGLISH[heading] for heading in HEADINGS})
_OTHERS: Mapping[str, Mapping[str, str]] = {
    "ar": _words(
        "في هذا العدد",
        "الخبر الرئيسي",
        "لاتخاذ إجراء",
        "للعلم",
        "التدريب والفعاليات",
        "قلتم وفعلنا",
    ),
    "bn": _words(
        "এই সংখ্যায়",
        *("প্রধান খবর", "করণীয়", "অবগতির জন্য", "প্রশিক্ষণ ও অনুষ্ঠান"),
        "আপনারা বলেছেন, আমরা করেছি",
    ),
    "cy": _words(
        "Yn y rhifyn hwn",
        *("Prif stori", "I weithredu", "Er gwybodaeth", "Hyfforddiant a digwyddiadau"),
        "Dywedoch chi, fe wnaethom ni",
    ),
    "es": _words(
        "En este número",
        *("Noticia principal", "Para actuar", "Para su información", "Formación y eventos"),
        "Ustedes lo dijeron, nosotros lo hicimos",
    ),
    "fr": _words(
        "Dans ce numéro",
        *("À la une", "À faire", "Pour information", "Formations et événements"),
        "Vous l’avez dit, nous l’avons fait",
    ),
    "gu": _words(
        "આ અંકમાં",
        *("મુખ્ય સમાચાર", "કાર્યવાહી માટે", "જાણકારી માટે", "તાલીમ અને કાર્યક્રમો"),
        "તમે કહ્યું, અમે કર્યું",
    ),
    "pa": _words(
        "ਇਸ ਅੰਕ ਵਿੱਚ", *("ਮੁੱਖ ਖ਼ਬਰ", "ਕਾਰਵਾਈ ਲਈ", "ਜਾਣਕਾਰੀ ਲਈ", "ਸਿਖਲਾਈ ਅਤੇ ਸਮਾਗਮ"), "ਤੁਸੀਂ ਕਿਹਾ, ਅਸੀਂ ਕੀਤਾ"
    ),
    "pl": _words(
        "W tym numerze",
        *("Najważniejsze", "Do wykonania", "Do wiadomości", "Szkolenia i wydarzenia"),
        "Wasze głosy, nasze działania",
    ),
    "pt": _words(
        "Nesta edição",
        *("Notícia principal", "Para agir", "Para informação", "Formação e eventos"),
        "O que nos disseram, o que fizemos",
    ),
    "ro": _words(
        "În acest număr",
        *("Știrea principală", "Pentru acțiune", "Spre informare", "Instruire și evenimente"),
        "Ați spus, am făcut",
    ),
    "ur": _words(
        "اس شمارے میں",
        *("اہم خبر", "کارروائی کے لیے", "معلومات کے لیے", "تربیت اور تقریبات"),
        "آپ نے کہا، ہم نے کیا",
    ),
}


def words_in(language: str) -> tuple[str, Mapping[str, str]]:
    """The words, and the language that they are in; a tag that names a script gets English."""
    main, *rest = language.lower().split("-")
    has_script = any(len(part) == 4 and part.isalpha() for part in rest)
    if main in _OTHERS and not has_script:
        return language, _OTHERS[main]
    return (language if main == "en" else "en"), _ENGLISH
