"""The words that always work, and the sentences in which they do not."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from survey_flows import words
from survey_flows.lexicon import LEXICONS
from survey_flows.utterances import expand
from survey_flows.words import Word, read

STOPS = """
STOP | Stop. | stop!!! | ＳＴＯＰ | s\u200btop | STOP STOP | StopAll | UNSUBSCRIBE | cancel | END | Quit | revoke | optout
opt out | stop please | pls stop texting | please stop texting me | stop sending me texts | stop sending messages
no more messages | leave me alone | remove me from your list | take me off your list | wrong number | you have the wrong number
don't text me | Do not contact me anymore | I don't want any more texts | unsubscribe me
ALTO | parar | pare | Baja | cancelar | NO MÁS | no mas | no me escriban | no me escriban más | ya no me manden mensajes
deja de escribirme | dejen de mandarme mensajes por favor | número equivocado | numero equivocado | quítenme de la lista
ya no quiero recibir mensajes | déjenme en paz
PARAR | sair | pare de me mandar mensagens | não me mandem mais mensagens | número errado | nao quero mais mensagens
ARRET | arrêt | arrêter | arretez | arrêtez de m'écrire | ne m'écrivez plus | plus de messages svp | mauvais numéro | désabonner
sispann | SISPANN | rete | sispann voye mesaj | pa ekri m ankò | pa ekri m anko | move nimewo | mwen pa vle mesaj ankò
DỪNG | dừng | dừng lại | dung lai | DUNG | HUY | hủy | huỷ | ngừng | đừng nhắn tin nữa | dung nhan tin cho toi nua | nhầm số
停止 | 退订 | 退訂 | 停 | 取消 | 不要再发短信了 | 请不要再发短信了 | 别再发了 | 打错了 | 我不想再收到短信
توقف | إيقاف | ايقاف | تَوَقَّفْ | قف | إلغاء الاشتراك | لا ترسلوا لي رسائل | توقفوا عن الإرسال | رقم غلط | الرقم خطأ
I answered already. Please stop texting me | STOP. Wrong person! | Ya contesté, dejen de escribirme
el bus llega tarde, ALTO | The bus is late; END | Pa gen bis. RETE! | o ônibus atrasa, PARAR | xe đến trễ, DỪNG | trop tard : merci, ARRÊT
MUY CARO. ALTO | 公交车总是晚点。退订 | الحافلة تتأخر دائما. إيقاف | The bus is late, STOP. | 请停止 | 停止，谢谢
"""

ORDINARY = """
the bus does not stop here | they should stop the fights | stop bullying | it never stops | the bus stop is far | nonstop
Stop! The bus driver yells that | end of the line is where we live | he wants to quit school | my boss would cancel my shift
el bus no para | la parada está lejos | parada | no más peleas en el bus | el alto precio | baja de clase | que paren las peleas
o ônibus não para aqui | parar as brigas | sair mais tarde | l'arrêt de bus est loin | arrêt de bus | il faut arrêter les bagarres
bis la pa rete isit la | m ap rete lwen | sispann goumen | xe buýt không dừng ở đây | đúng | Đúng rồi | dung | Huy | Dung
公交车不停 | 停车场太远 | 公共汽车停在很远的地方 | 结束得太晚 | الحافلة لا تتوقف هنا | موقف الحافلة بعيد
yes | sí | si | oui | wi | sim | có | 是 | نعم | no | non | não | không | 不 | لا | 1 | 2 | 3 | 0 | y | n | k | ok | thanks
start time is too early | more help with homework | la ayuda de mi mamá | information | aide for my son | ed | infos
she speaks Spanish | English class | no one speaks Spanish at the office | nadie habla español | the french teacher is kind
she was texting. they told her to stop | It is late, stop | it is late. end | MUY CARO, ALTO | EL PRECIO: CARO, ALTO
he lives with Huy, Dung | I have 3, A | nos dan la BAJA calificación | 公交车要么迟到，要么取消 | nothing | nada | none | never | ... | ? | 😡
"""

STARTS = "START | Start! | unstop | iniciar | comenzar | começar | recommencer | kòmanse | komanse | bắt đầu | 开始 | 恢复 | ابدأ"
HELPS = "HELP | help! | INFO | ayuda | AYUDA | ajuda | aide | aidez-moi | èd | éd | Éd! | ede m | trợ giúp | tro giup | 帮助 | 幫助 | مساعدة | who is this?"
LANGUAGES = {
    "en": "English | inglés | in english please | I speak English | anglais | 英语 | الإنجليزية",
    "es": "español | Espanol | SPANISH | en español por favor | hablo español | Spanish please | 西班牙语 | espagnol",
    "ht": "kreyòl | Kreyol | creole | Haitian Creole | kreyòl ayisyen | créole | criollo haitiano | mwen pale kreyòl",
    "pt": "português | Portugues | portuguese | em português | portugais",
    "vi": "tiếng Việt | tieng viet | TIENG VIET | Vietnamese | vietnamita",
    "zh-Hans": "中文 | 简体中文 | Chinese | 普通话 | chino | 请说中文 | Mandarin",
    "ar": "العربية | عربي | بالعربي | Arabic | árabe | arabe",
    "fr": "français | francais | French | en français svp | francés",
}


def each(table: str) -> list[str]:
    return [text.strip() for line in table.strip().splitlines() for text in line.split(" | ")]


@pytest.mark.parametrize("text", each(STOPS))
def test_a_person_who_wants_no_more_is_understood(text):
    assert read(text) == Word("stop")


@pytest.mark.parametrize("text", each(ORDINARY))
def test_an_ordinary_message_is_no_command(text):
    assert read(text) is None


@pytest.mark.parametrize("text", each(STARTS))
def test_start_is_known_in_every_language(text):
    assert read(text) == Word("start")


@pytest.mark.parametrize("text", each(HELPS))
def test_help_is_known_in_every_language(text):
    assert read(text) == Word("help")


@pytest.mark.parametrize(
    ("language", "text"), [(tag, text) for tag, row in LANGUAGES.items() for text in each(row)]
)
def test_a_language_is_known_by_its_names_in_every_language(language, text):
    assert read(text) == Word("language", language)


def test_a_word_that_is_another_in_the_persons_own_language_is_no_command():
    assert read("pare", "es") == Word("stop")
    assert read("pare", "ht") is None
    assert read("mwen la, PARE", "ht") is None
    assert read("estoy aquí, PARE", "es") == Word("stop")


def test_a_word_in_a_very_long_message_is_no_command():
    assert read("Stop texting me. " + "x " * 400) is None


def test_every_language_has_every_list_that_commands_need():
    for lexicon in LEXICONS.values():
        assert lexicon.names
        assert lexicon.stop
        assert lexicon.stop_sentence
        assert lexicon.start
        assert lexicon.help
        assert lexicon.ask_language


def test_every_wording_of_every_stop_pattern_stops():
    patterns = [p for lexicon in LEXICONS.values() for p in (*lexicon.stop, *lexicon.stop_sentence)]

    missed = {wording for pattern in patterns for wording in expand(pattern) if read(wording) != Word("stop")}

    assert missed == set()


def test_every_stop_word_in_capitals_stops_at_the_end_of_a_message():
    said = [
        wording.upper()
        for lexicon in LEXICONS.values()
        for pattern in (*lexicon.stop, *lexicon.stop_as_written)
        for wording in expand(pattern)
        if wording.upper() != wording.lower()
    ]

    missed = [
        word
        for word in said
        for before in ("So so, ", "So so. ", "1; ")
        if read(before + word) != Word("stop")
    ]

    assert [word for word in missed if read(word) == Word("stop")] == []


@pytest.mark.parametrize("language", LEXICONS)
def test_stop_stops_in_every_language(language):
    for text in ("STOP", "stop", "Stop.", "x, STOP", "1. STOP"):
        assert read(text, language) == Word("stop")


def test_no_yes_or_no_and_no_number_is_a_command():
    answers = [
        word
        for lexicon in LEXICONS.values()
        for row in (lexicon.yes, lexicon.no, lexicon.own_yes, lexicon.own_no, *lexicon.numbers.values())
        for word in row
    ]

    assert [word for word in answers if read(word, None)] == []


DECORATION = st.text(alphabet=" .!?¡*…\u200b\u200d\ufeff\u00a0\n\t\"'", max_size=6)


@settings(deadline=None)
@given(
    word=st.sampled_from(each(STOPS)[:13]),
    before=DECORATION,
    after=DECORATION,
    case=st.sampled_from([str.upper, str.lower, str.title]),
)
def test_stop_stops_however_it_is_decorated(word, before, after, case):
    assert read(f"{before}{case(word)}{after}") == Word("stop")


SENTENCE = st.lists(
    st.sampled_from(
        [
            "the",
            "a",
            "bus",
            "is",
            "late",
            "and",
            "my",
            "son",
            "waits",
            "here",
            "every",
            "day",
            "since",
            "we",
            "moved",
        ]
    ),
    min_size=3,
    max_size=12,
)


@settings(deadline=None)
@given(
    before=SENTENCE,
    after=SENTENCE,
    word=st.sampled_from(["stop", "alto", "parar", "end", "cancel", "rete", "help", "start", "spanish"]),
)
def test_a_command_inside_a_sentence_is_no_command(before, after, word):
    assert read(" ".join([*before, word, *after])) is None


@settings(deadline=None)
@given(st.text(max_size=200))
def test_any_text_can_be_read(text):
    word = read(text)

    assert word is None or word.kind in ("stop", "start", "help", "language")


@settings(deadline=None)
@given(st.text(alphabet=st.characters(min_codepoint=0x600, max_codepoint=0x6FF), max_size=40))
def test_reading_twice_gives_the_same(text):
    assert words.read(text) == words.read(text)
