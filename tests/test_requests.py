"""What a person asks of the conversation, and what they only say."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from survey_flows import requests, words
from survey_flows.lexicon import LEXICONS
from survey_flows.requests import Request, read
from survey_flows.utterances import expand

SAID = {
    "en": {
        "skip": "skip | Skip please | PASS! | next question | I'd rather not say | i dont want to answer that | that's private",
        "back": "back | go back please | previous | the one before | can I change my answer?",
        "dont_know": "I don't know | idk | IDK!! | not sure | no idea | i dont remember | no clue, sorry",
        "person": "can someone call me? | I want to talk to a person | call me please | human | please call me back",
        "ok": "OK | okay | keep it | same",
    },
    "es": {
        "skip": "saltar | SALTAR, por favor | siguiente | prefiero no decirlo | no quiero contestar",
        "back": "atrás | atras | regresar | la anterior | quiero cambiar mi respuesta",
        "dont_know": "no sé | no se | ni idea | no estoy segura | no me acuerdo | nose",
        "person": "quiero hablar con alguien | ¿alguien me puede llamar? | llámeme por favor | quisiera hablar con una persona",
        "ok": "ok | está bien | igual | lo mismo",
    },
    "ht": {
        "skip": "sote | SOTE | pwochen kesyon | m pito pa reponn | mwen pa vle reponn",
        "back": "tounen | tounen dèyè | kesyon anvan an | chanje repons mwen",
        "dont_know": "mwen pa konnen | m pa konnen | m pa sèten | mwen pa sonje",
        "person": "mwen vle pale ak yon moun | rele m tanpri | èske yon moun ka rele m",
        "ok": "ok | menm bagay la | kenbe l",
    },
    "pt": {
        "skip": "pular | Pular, por favor | próxima | prefiro não dizer | não quero responder",
        "back": "voltar | a anterior | quero mudar minha resposta",
        "dont_know": "não sei | nao sei | sei lá | não tenho certeza | não lembro",
        "person": "quero falar com alguém | alguém pode me ligar? | me liga por favor | gostaria de falar com uma pessoa",
        "ok": "ok | tá bom | igual | o mesmo",
    },
    "vi": {
        "skip": "bỏ qua | BỎ QUA | bo qua | câu tiếp theo | tôi không muốn trả lời",
        "back": "quay lại | câu trước | tôi muốn đổi câu trả lời",
        "dont_know": "tôi không biết | không biết | ko biết | không rõ | không nhớ",
        "person": "tôi muốn nói chuyện với ai đó | gọi cho tôi | xin gọi lại cho tôi",
        "ok": "ok | oke | giữ nguyên | như cũ",
    },
    "zh-Hans": {
        "skip": "跳过 | 请跳过 | 下一题 | 我不想回答 | 不想说",
        "back": "返回 | 上一题 | 我想改答案",
        "dont_know": "不知道 | 我不知道 | 不清楚 | 不记得了 | 想不起来",
        "person": "我想和人谈谈 | 请给我打电话 | 人工 | 我想跟老师谈谈",
        "ok": "ok | 好的 | 一样 | 不变",
    },
    "ar": {
        "skip": "تخطي | تخطى | السؤال التالي | أفضل عدم الإجابة | لا أريد أن أجيب",
        "back": "رجوع | السؤال السابق | أريد تغيير إجابتي",
        "dont_know": "لا أعرف | ما بعرف | مش عارف | لست متأكدة | لا أدري",
        "person": "أريد التحدث مع شخص | اتصلوا بي من فضلكم | هل يمكنني التحدث مع أحد",
        "ok": "ok | موافق | نفس الشيء | تمام",
    },
    "fr": {
        "skip": "passer | PASSER svp | suivante | je préfère ne pas répondre | je ne veux pas le dire",
        "back": "retour | question précédente | je veux changer ma réponse",
        "dont_know": "je ne sais pas | je sais pas | jsp | aucune idée | pas sûre",
        "person": "je voudrais parler à quelqu'un | appelez-moi s'il vous plaît | quelqu'un peut m'appeler ?",
        "ok": "ok | d'accord | pareil | la même chose",
    },
}
MEANT = {
    "en": "I meant 2 | i mean 2 | no 2 | No, 2 | no. 2 | sorry 2 | Sorry, I meant 2. | change it to 2 | change my answer to 2 | correction: 2 | *2 | 2* | oops, 2",
    "es": "quise decir 2 | no, 2 | perdón, 2 | Perdón, quise decir 2 | me equivoqué, era 2 | cambiar a 2",
    "ht": "m te vle di 2 | non 2 | padon, 2 | chanje l pou 2",
    "pt": "quis dizer 2 | não, 2 | desculpe, 2 | mudar para 2",
    "vi": "ý tôi là 2 | không, 2 | xin lỗi, 2 | đổi thành 2",
    "zh-Hans": "我是说2 | 我是说 2 | 不，2 | 抱歉，2 | 改成2 | 應該是2",
    "ar": "أقصد 2 | لا، 2 | عفوا 2 | تغيير إجابتي إلى 2",
    "fr": "je voulais dire 2 | non, 2 | pardon 2 | désolée, je voulais dire 2 | changer pour 2",
}
ORDINARY = """
no | No. | no no | No, nothing | no, never | No thanks | no thank you ma'am | no one | No one helps | no one, nobody | no, not really | no bus | no buses in my area | yes | 2 | 1 3 | two
next week | the bus passes us by | back pain | skip counting is hard for her | I want to go back to the old schedule
he said he does not know | someone should call the parents more | a person on the bus is mean | help with homework
my son likes to join in | ok but the bus is late | we are not sure the bus comes | it is the same bus as last year
no hay autobús | no, nada | no, gracias | nunca | el paso de peatones es peligroso | la siguiente parada está lejos
je suis angoissé, je dors plus la nuit | non, rien | pas de bus | non merci | le passage est dangereux | pa gen bis | non, anyen | não tem ônibus | não, nada
không có xe buýt | không, không có | 没有公交车 | 不，没有 | 不喜欢 | 不好 | لا يوجد باص | لا، أبدا | لا شكرا | 😡 | ... | * | **
"""


def each(table):
    return [text.strip() for line in table.strip().splitlines() for text in line.split(" | ")]


SAYINGS = [
    pytest.param(language, kind, text, id=f"{language}-{text}")
    for language, rows in SAID.items()
    for kind, table in rows.items()
    for text in each(table)
]


@pytest.mark.parametrize(("language", "kind", "text"), SAYINGS)
def test_what_a_person_asks_for_is_understood(language, kind, text):
    assert read(text, language) == Request(kind)
    assert words.read(text, language) is None


@pytest.mark.parametrize(
    ("language", "text"), [(language, text) for language, row in MEANT.items() for text in each(row)]
)
def test_what_they_meant_is_what_follows(language, text):
    assert read(text, language) == Request("meant", "2")


@pytest.mark.parametrize("text", each(ORDINARY))
def test_an_ordinary_message_asks_for_nothing(text):
    assert [language for language in SAID if read(text, language)] == []
    assert read(text) is None


def test_what_follows_stays_as_it_was_written():
    assert read("Sorry, I meant: très  Difficile!", "en") == Request("meant", "très  Difficile")
    assert read("no, el autobús", "es") == Request("meant", "el autobús")


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("en", "JOIN BUS"),
        ("vi", "join BUS"),
        ("es", "participar en BUS"),
        ("ht", "enskri BUS"),
        ("pt", "participar de BUS"),
        ("vi", "tham gia BUS"),
        ("zh-Hans", "参加BUS"),
        ("ar", "انضم BUS"),
        ("fr", "rejoindre BUS"),
        (None, "Join, BUS please"),
    ],
)
def test_a_keyword_is_known_after_join_in_every_language(language, text):
    asked = read(text, language)

    assert asked is not None
    assert asked.kind == "join"
    assert asked.rest.split()[0].strip(",") == "BUS"


def test_a_sentence_after_join_is_no_keyword():
    assert read("join the after school chess club", "en") is None


@pytest.mark.parametrize("kind", ["skip", "back", "dont_know", "person"])
def test_a_long_phrase_is_known_from_a_speaker_of_another_language(kind):
    text = {
        "skip": "prefiero no decirlo",
        "back": "question précédente",
        "dont_know": "mwen pa konnen",
        "person": "llámeme",
    }[kind]

    assert read(text, "en") == Request(kind)
    assert read(text) == Request(kind)


def test_a_short_word_is_known_only_in_its_own_language():
    assert read("idk", "en") == Request("dont_know")
    assert read("idk", "vi") is None
    assert read("k", "en") == Request("ok")
    assert read("k", "vi") is None  # "no", in Vietnamese on a phone


def test_a_country_of_a_language_is_understood_as_the_language():
    assert read("no sé", "es-MX") == Request("dont_know")


def test_a_very_long_message_asks_for_nothing():
    assert read("I meant " + "x " * 400, "en") is None


@pytest.mark.parametrize("language", LEXICONS)
def test_every_language_has_every_list(language):
    lexicon = LEXICONS[language]

    for row in ("skip", "back", "dont_know", "meant", "person", "join", "ok"):
        assert getattr(lexicon, row), row
    assert all("{answer}" in pattern for pattern in lexicon.meant)
    assert all("{keyword}" in pattern for pattern in lexicon.join)


@pytest.mark.parametrize("language", LEXICONS)
@pytest.mark.parametrize("kind", ["skip", "back", "dont_know", "person", "ok"])
def test_every_wording_of_every_list_is_understood(language, kind):
    wordings = [wording for pattern in getattr(LEXICONS[language], kind) for wording in expand(pattern)]

    assert [wording for wording in wordings if read(wording, language) != Request(kind)] == []
    if kind != "ok":  # some languages say "no change" for it, or "yes"
        assert [wording for wording in wordings if words.read(wording, language)] == []


@pytest.mark.parametrize("language", LEXICONS)
def test_every_frame_gives_what_it_is_about(language):
    for kind, gap, about in (("meant", "{answer}", "2"), ("join", "{keyword}", "BUS")):
        for pattern in getattr(LEXICONS[language], kind):
            for wording in expand(pattern):
                text = wording.replace(gap, about)
                assert read(text, language) == Request(kind, about), text
                assert words.read(text, language) is None, text


@pytest.mark.parametrize("language", LEXICONS)
def test_no_answer_is_a_request(language):
    lexicon = LEXICONS[language]
    answers = [
        word
        for row in (
            lexicon.yes,
            lexicon.no,
            lexicon.own_yes,
            lexicon.own_no,
            lexicon.none,
            *lexicon.numbers.values(),
        )
        for word in row
    ]

    assert [w for w in answers if (asked := read(w, language)) and asked.kind != "ok"] == []


def test_one_language_gives_no_other_meaning_to_what_is_long_in_another():
    known = {
        (language, kind): {w for pattern in getattr(lexicon, kind) for w in expand(pattern)}
        for language, lexicon in LEXICONS.items()
        for kind in ("skip", "back", "dont_know", "person")
    }

    for (_, kind), wordings in known.items():
        for wording in wordings:
            asked = read(wording)
            assert asked is None or asked.kind in (kind, "ok"), wording


@settings(deadline=None)
@given(st.text(max_size=200), st.sampled_from([None, *LEXICONS]))
def test_any_text_can_be_read(text, language):
    asked = read(text, language)

    assert asked is None or asked.kind in requests.Kind.__args__


@settings(deadline=None)
@given(
    said=st.sampled_from(["skip", "go back", "I don't know", "call me"]),
    around=st.text(alphabet=" .!?…\u200b\ufeff\n\t", max_size=6),
    case=st.sampled_from([str.upper, str.lower, str.title]),
)
def test_a_request_is_understood_however_it_is_decorated(said, around, case):
    asked = read(f"{around}{case(said)}{around}", "en")

    assert asked is not None
    assert asked == read(said, "en")
