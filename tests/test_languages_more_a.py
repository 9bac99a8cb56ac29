"""Somali, Tagalog, Swahili, Amharic and Hindi: what people text in them is understood, and what we say is there."""

import pytest

from survey_flows import danger, loads, phrases, requests
from survey_flows.folding import fold, light
from survey_flows.lexicon import LEXICONS, ear
from survey_flows.reading.answers import number, yes_or_no
from survey_flows.wording import gaps
from survey_flows.words import Word, read

LANGUAGES = ("so", "tl", "sw", "am", "hi")
ALL = ear(tuple(LEXICONS))


def each(table):
    """(language, text) for every text of a table."""
    return [
        (language, text.strip())
        for language, row in table.items()
        for line in row.strip().splitlines()
        for text in line.split(" | ")
    ]


STOPS = {
    "so": """
jooji | Joji! | JOOJIYA | fadlan jooji | joogso | iga daa | i daaya | jooji farriimaha | fariimaha jooji fadlan
ha ii soo dirin farriin dambe | mar dambe ha i soo qorin | ma rabo fariimo dambe | farriimo kale ma doonayo
iga saar liiska | liiska iga saara | waa lambar khaldan | lambarka waa khaldan yahay | ha i dhibin
Waan jawaabay. Jooji farriimaha.
""",
    "tl": """
itigil | Itigil nyo na po | tigil na | tama na | tama na po | Tigilan nyo na ako | ihinto | ayoko na | ayaw ko na po
wag na mag text | huwag na po kayong mag-text sa akin | wag nyo na akong itext | wag mo na akong i-text | stop na po
ayoko na ng text | tanggalin nyo ako sa listahan | pa-cancel | wrong send po kayo | maling number po ito
Sumagot na ako. Wag na po kayo mag text.
""",
    "sw": """
acha | Acheni! | acha sasa | sitisha | simamisha | komesha | niache | niacheni tafadhali | usinisumbue | koma
acha kunitumia ujumbe | usinitumie tena meseji | msinitumie ujumbe tena | sitaki ujumbe wenu | sitaki kupokea sms
niondoe kwenye orodha | futa namba yangu | umekosea namba | namba si sahihi | Nimeshajibu. Acheni kunitumia ujumbe.
""",
    "am": """
አቁም | አቁሙ! | እባክዎ ያቁሙ | ይቁም | ቁም | ሰርዙኝ | ተዉኝ | በቃኝ | ስቶፕ | መልእክት አትላኩልኝ | መልዕክት አትላኩ | ከእንግዲህ አትላኩልኝ
መልእክት መላክ አቁሙ | መልእክት አልፈልግም | ከዝርዝሩ አውጡኝ | ቁጥሬን አጥፉት | የተሳሳተ ቁጥር ነው | akum | Aqumu | akum please
melikt atlakulign | text alfeligim | መለስኩ. መልእክት አትላኩልኝ
""",
    "hi": """
रुको | रुकिए | कृपया रुकें | बंद करो | बंद कीजिए | ये बंद करें | मैसेज बंद करो | मैसेज मत भेजो | मुझे मैसेज मत भेजिए | परेशान मत करो
संदेश भेजना बंद करें | मुझे मैसेज नहीं चाहिए | मुझे लिस्ट से हटा दो | गलत नंबर | ये गलत नंबर है | स्टॉप
band karo | Band karo please | bandh karo | band kar do | ruko | rukiye | ruk jao | bas karo | mat bhejo | msg mat karo
message band karo | mujhe message mat bhejo | galat number hai | mujhe list se hata do | mujhe msg nahi chahiye
Maine jawab de diya. Message band karo
""",
}

ORDINARY = {
    "so": """
basku ma joogsado halkan | jooji dagaalka baska | haa | maya | waan jecelahay | ma rabo | dhammaan | baska ayaa soo daahay
waa in la joojiyo cayda | qof baa iga daayay | walaalkay wuu istaagay | saddex | bilowga waa hore
""",
    "tl": """
oo | opo | hindi | hindi po | hindi naman | tama | tama po | wala | wag na | huwag na po | sige | pare | basta
tumigil ang bus | itigil ang away sa bus | hindi tumitigil ang bus dito | tama na ang presyo | ayoko ng gulay | mahirap
""",
    "sw": """
ndiyo | hapana | la | basi | sawa | basi linachelewa | acha watoto wapumzike | watoto waache kupigana | hakuna basi
sitaki | inatosha | simama hapa kila siku | walimu wasimamishe kelele | moja | matatu
""",
    "am": """
አዎ | አይ | አይደለም | የለም | እሺ | አልፈልግም | በቃ | አውቶቡሱ አይቆምም | ጭቅጭቁን አቁሙ | አቁም ያለው ሹፌሩ ነው | አንድ | መኪና ማቆሚያ
akum yelewm bus | awo | aydelem | ishi
""",
    "hi": """
हाँ | नहीं | जी | ना | ठीक है | अच्छा | acha | accha | achha | haan | nahi | bas | बस | बस रुकती नहीं | बस यहाँ नहीं रुकती
लड़ाई बंद करो बस में | बाद में | बस कार | शोर | शेर | मेरा नंबर | दो | हिंदी की किताब | the hindi class | ruka
स्कूल बंद था | school band tha | hindi teacher acchi hai
""",
}


@pytest.mark.parametrize(("language", "text"), each(STOPS))
def test_a_person_who_wants_no_more_is_understood(language, text):
    assert read(text) == Word("stop")
    assert read(text, language) == Word("stop")


@pytest.mark.parametrize(("language", "text"), each(ORDINARY))
def test_an_ordinary_message_is_no_command(language, text):
    assert read(text, language) is None


# Collisions between languages


@pytest.mark.parametrize("language", LANGUAGES)
def test_an_answer_in_one_language_is_no_command_of_another(language):
    lexicon = LEXICONS[language]
    rows = [lexicon.yes, lexicon.no, lexicon.own_yes, lexicon.own_no, lexicon.none, lexicon.every]
    answers = [word for row in (*rows, *lexicon.numbers.values(), *lexicon.ordinals.values()) for word in row]

    assert [word for word in answers if read(word)] == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_no_word_that_we_leave_out_is_a_number_of_another_language_in_a_list(language):
    """What is skipped between two choices must not be one of them ("isa at tatlo", "hai, ba")."""
    numbers = {fold(w): x.language for x in LEXICONS.values() for ws in x.numbers.values() for w in ws}
    empty = (*LEXICONS[language].filler, *LEXICONS[language].joining)

    assert {word: numbers[fold(word)] for word in empty if fold(word) in numbers} == {}


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_polite_word_of_a_language_is_no_answer_in_another(language):
    polite = {light(phrase) for phrase in LEXICONS[language].polite}
    answers = {
        light(word): x.language
        for x in LEXICONS.values()
        for row in (x.yes, x.no, x.own_yes, x.own_no, *x.numbers.values(), *x.ordinals.values())
        for word in row
    }

    assert {word: answers[word] for word in polite if word in answers} == {}


def test_words_that_mean_two_things_are_settled_by_the_persons_language():
    assert read("acha", "sw") == Word("stop")
    assert read("acha", "hi") is None  # good
    assert read("pare", "es") == Word("stop")
    assert read("pare", "tl") is None  # mate
    assert read("hindi", "tl") is None  # no
    assert read("hindi") is None  # nobody is moved to a language that they may not read
    assert yes_or_no("hindi", "tl", ALL)[0] is False
    assert yes_or_no("ay", "am", ALL)[0] is False
    assert yes_or_no("ay", "en", ALL) is None
    assert yes_or_no("may", "so", ALL)[0] is False
    assert yes_or_no("may", "en", ALL) is None


# Punctuation of their own


@pytest.mark.parametrize("text", ["መለስኩ። መልእክት አትላኩልኝ።", "जवाब दे दिया। मैसेज बंद करो।"])
def test_a_sentence_ends_where_its_script_ends_it(text):
    assert read(text) == Word("stop")


# Commands

ASKED = {
    "so": "Soomaali | soomaali fadlan | Af-Soomaali | afsoomaali | Somali | in Somali please | waxaan ku hadlaa Soomaali | 索马里语 | somalí",
    "tl": "Tagalog | tagalog po | sa Tagalog | Filipino | Tagalog please | marunong ako ng Tagalog | I speak Tagalog | tagalo | 他加禄语",
    "sw": "Kiswahili | kiswahili tafadhali | kwa Kiswahili | Swahili | nazungumza Kiswahili tu | in Swahili | suajili | 斯瓦希里语",
    "am": "አማርኛ | በአማርኛ | በአማርኛ እባክዎ | Amharic | amarigna | አማርኛ ብቻ | I speak Amharic | amhárico | 阿姆哈拉语",
    "hi": "हिन्दी | हिंदी | हिंदी में | हिन्दी में लिखें | hindi mein | Hindi please | in Hindi | I speak Hindi | मुझे हिंदी चाहिए | 印地语",
}
STARTS = {
    "so": "bilow | dib u bilow | sii wad",
    "tl": "simulan | ituloy | magsimula ulit po",
    "sw": "anza | anza tena | endelea",
    "am": "ጀምር | ይጀምሩ | ቀጥሉ | jemir",
    "hi": "शुरू करें | फिर से शुरू करें | shuru karo | जारी रखें",
}
HELPS = {
    "so": "caawimo | i caawi fadlan | waa kuma? | yaa tahay",
    "tl": "tulong | tulungan nyo po ako | sino po ito? | kailangan ko ng tulong",
    "sw": "msaada | nisaidie tafadhali | wewe ni nani? | nahitaji msaada",
    "am": "እርዳታ | እርዱኝ | ማን ናችሁ? | erdata",
    "hi": "मदद | मुझे मदद चाहिए | आप कौन हैं? | madad | aap kaun hain | ye kaun hai",
}


@pytest.mark.parametrize(("language", "text"), each(ASKED))
def test_a_language_is_known_by_its_names(language, text):
    assert read(text) == Word("language", language)
    assert read(text, language) == Word("language", language)


@pytest.mark.parametrize(("language", "text"), each(STARTS))
def test_start_is_known(language, text):
    assert read(text) == Word("start")


@pytest.mark.parametrize(("language", "text"), each(HELPS))
def test_help_is_known(language, text):
    assert read(text) == Word("help")


# Requests

SKIPS = {
    "so": "bood | ka bood | ma rabo inaan ka jawaabo | su'aasha xigta | BOOD",
    "tl": "laktaw | laktawan po | skip na | pass muna | ayokong sagutin | susunod na tanong",
    "sw": "ruka | ruka swali hili | sitaki kujibu | swali linalofuata | pita",
    "am": "ይለፍ | ይዝለሉ | ቀጣይ ጥያቄ | መመለስ አልፈልግም | zilel",
    "hi": "छोड़ें | इसे छोड़ दें | अगला सवाल | जवाब नहीं देना | chhodo | agla sawal | jawab nahi dena",
}
BACKS = {
    "so": "dib u noqo | su'aashii hore | gadaal",
    "tl": "bumalik | balik po | nakaraang tanong",
    "sw": "rudi nyuma | swali lililopita | rudi",
    "am": "ተመለስ | ወደ ኋላ | ያለፈው ጥያቄ",
    "hi": "वापस | पिछला सवाल | wapas | peeche jao",
}
UNSURE = {
    "so": "ma garanayo | ma aqaan | anigu ma hubo | ma ogi",
    "tl": "hindi ko alam | di ko po alam | ewan ko | hindi ako sigurado | wala po akong maisip",
    "sw": "sijui | sina uhakika | sikumbuki | mimi sijui",
    "am": "አላውቅም | እኔ እንጃ | እርግጠኛ አይደለሁም | alawkim",
    "hi": "पता नहीं | मुझे नहीं पता | नहीं मालूम | याद नहीं | pata nahi | mujhe nahi pata | nahi malum",
}
PERSONS = {
    "so": "waxaan rabaa inaan qof la hadlo | i soo wac | ma i soo wici kartaan | turjumaan baan u baahanahay",
    "tl": "gusto kong makausap ang tao | tawagan nyo po ako | pwede po bang tawagan nyo ako | kailangan ko po ng interpreter",
    "sw": "nataka kuzungumza na mtu | nipigie simu | naomba mnipigie | nahitaji mkalimani",
    "am": "ሰው ማነጋገር እፈልጋለሁ | ደውሉልኝ | ይደውሉልኝ እባክዎ | አስተርጓሚ እፈልጋለሁ",
    "hi": "मुझे किसी से बात करनी है | मुझे फ़ोन करें | mujhe call karo | mujhe kisi se baat karni hai",
}
OKS = {
    "so": "haye | waa hagaag | ok",
    "tl": "sige | sige po | ok lang",
    "sw": "sawa | sawa sawa | haya",
    "am": "እሺ | ishi | ይሁን",
    "hi": "ठीक है | theek hai | acha | wahi",
}
REQUESTS = {"skip": SKIPS, "back": BACKS, "dont_know": UNSURE, "person": PERSONS, "ok": OKS}


@pytest.mark.parametrize(
    ("kind", "language", "text"),
    [(kind, language, text) for kind, table in REQUESTS.items() for language, text in each(table)],
)
def test_a_request_is_understood(kind, language, text):
    assert read(text, language) is None
    assert requests.read(text, language).kind == kind


@pytest.mark.parametrize(
    ("language", "text", "meant"),
    [
        ("so", "waxaan ula jeeday 2", "2"),
        ("so", "maya 3", "3"),
        ("tl", "ibig kong sabihin 2", "2"),
        ("tl", "3 pala", "3"),
        ("tl", "sorry 2 pala", "2"),
        ("sw", "nilimaanisha 2", "2"),
        ("sw", "samahani 3", "3"),
        ("am", "2 ማለቴ ነው", "2"),
        ("am", "ይቅርታ 3", "3"),
        ("hi", "मेरा मतलब 2 था", "2"),
        ("hi", "नहीं 3", "3"),
        ("hi", "mera matlab 2", "2"),
    ],
)
def test_an_answer_is_put_right(language, text, meant):
    asked = requests.read(text, language)

    assert (asked.kind, asked.rest) == ("meant", meant)


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("so", "ku biir BUS"),
        ("tl", "sumali sa BUS"),
        ("sw", "jiunge na BUS"),
        ("am", "ተቀላቀል BUS"),
        ("hi", "BUS से जुड़ें"),
        ("hi", "shamil BUS"),
    ],
)
def test_a_person_joins_by_a_keyword(language, text):
    asked = requests.read(text, language)

    assert (asked.kind, asked.rest) == ("join", "BUS")


# Answers

HARD = loads(
    """
survey: hard
title: {en: Hard, so: Adag, tl: Hirap, sw: Ugumu, am: አስቸጋሪ, hi: मुश्किल}
intro: {en: "{school} STOP", so: "{school} STOP", tl: "{school} STOP", sw: "{school} STOP", am: "{school} STOP", hi: "{school} STOP"}
questions:
  - key: hard
    kind: one
    text: {en: Hard?, so: Ma adag tahay?, tl: Mahirap ba?, sw: Je, ni ngumu?, am: ከባድ ነው?, hi: क्या मुश्किल था?}
    choices:
      - {key: not_hard, en: Not hard, so: Ma adka, tl: Hindi mahirap, sw: Si ngumu, am: ከባድ አይደለም, hi: मुश्किल नहीं}
      - {key: a_little, en: A little hard, so: Wax yar way adag tahay, tl: Medyo mahirap, sw: Ngumu kidogo, am: ትንሽ ከባድ, hi: थोड़ा मुश्किल}
      - {key: very, en: Very hard, so: Aad bay u adag tahay, tl: Napakahirap, sw: Ngumu sana, am: በጣም ከባድ, hi: बहुत मुश्किल}
  - key: way
    kind: many
    text: {en: What?, so: Maxay?, tl: Ano?, sw: Nini?, am: ምን?, hi: क्या?}
    choices:
      - {key: bus, en: A late bus, so: Bas daahay, tl: Huling bus, sw: Basi kuchelewa, am: የዘገየ አውቶቡስ, hi: देर से आई बस}
      - {key: cold, en: Cold, so: Qabow, tl: Lamig, sw: Baridi, am: ብርድ, hi: ठंड}
      - {key: work, en: Work, so: Shaqo, tl: Trabaho, sw: Kazi, am: ሥራ, hi: काम}
""".replace("Je, ni ngumu?", '"Je, ni ngumu?"'),
    "hard",
)
SECOND = {
    "so": "2 | laba | labaad | lambarka 2 | midka labaad | Wax yar way adag tahay | wax yar way adag tahay fadlan",
    "tl": "2 | dalawa | pangalawa | ang pangalawa po | numero 2 po | Medyo mahirap | medyo mahirap po",
    "sw": "2 | mbili | namba 2 | ya pili | jibu 2 | Ngumu kidogo | ngumu kidogo tafadhali",
    "am": "2 | ፪ | ሁለት | ሁለተኛው | ቁጥር 2 | 2ኛ | ትንሽ ከባድ | hulet",
    "hi": "2 | २ | दो | do | दूसरा | नंबर 2 | dusra wala | थोड़ा मुश्किल | थोड़ा मुश्किल है",
}


@pytest.mark.parametrize(("language", "text"), each(SECOND))
def test_a_choice_is_understood_however_it_is_said(language, text):
    reading = HARD.question("hard").read(text, language)

    assert reading is not None
    assert reading.value == "a_little"


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("so", "1 iyo 3"),
        ("so", "kow iyo saddex"),
        ("so", "bas daahay iyo shaqo"),
        ("tl", "1 at 3"),
        ("tl", "isa at tatlo po"),
        ("tl", "huling bus, trabaho"),
        ("sw", "1 na 3"),
        ("sw", "moja na tatu"),
        ("sw", "basi kuchelewa, kazi"),
        ("am", "1 እና 3"),
        ("am", "1ና 3"),
        ("am", "አንድ እና ሶስት"),
        ("am", "የዘገየ አውቶቡስ እና ሥራ"),
        ("am", "1፣ 3"),
        ("hi", "1 और 3"),
        ("hi", "एक और तीन"),
        ("hi", "ek aur teen"),
        ("hi", "देर से आई बस और काम"),
    ],
)
def test_several_choices_are_understood_at_once(language, text):
    assert HARD.question("way").read(text, language).value == ["bus", "work"]


@pytest.mark.parametrize(("language", "text"), [(x, word) for x in LANGUAGES for word in LEXICONS[x].every])
def test_all_of_them(language, text):
    assert HARD.question("way").read(text, language).value == ["bus", "cold", "work"]


@pytest.mark.parametrize(
    ("language", "text"),
    [(x, word) for x in LANGUAGES for word in (*LEXICONS[x].none, phrases.say("none", x))],
)
def test_none_of_them(language, text):
    assert HARD.question("way").read(text, language).value == []


@pytest.mark.parametrize(
    ("language", "text", "meant"),
    [
        (language, word, value)
        for language in LANGUAGES
        for value, words in LEXICONS[language].numbers.items()
        for word in words
    ],
)
def test_the_numbers_to_ten_are_read(language, text, meant):
    own = ear((language, "en", "es"))

    assert number(text, language, own) == meant
    assert number(text.upper(), language, ALL) == meant


UNITS = frozenset(map(fold, ("maalmood", "maalin", "araw", "siku", "ቀን", "ቀናት", "दिन", "din", "day", "days")))


@pytest.mark.parametrize(
    ("language", "text", "meant"),
    [
        ("so", "saddex maalmood", 3),
        ("so", "qiyaastii 5 maalmood", 5),
        ("so", "hal maalin", 1),
        ("so", "waxba", 0),
        ("tl", "dalawang araw", 2),
        ("tl", "mga 5 araw po", 5),
        ("tl", "apat na araw", 4),
        ("tl", "siguro tatlo lang po", 3),
        ("tl", "wala po", 0),
        ("tl", "walang araw", 0),
        ("sw", "siku tatu", 3),
        ("sw", "kama siku 5", 5),
        ("sw", "labda siku mbili tu", 2),
        ("sw", "hakuna", 0),
        ("am", "ሶስት ቀን", 3),
        ("am", "ወደ 5 ቀን ገደማ", 5),
        ("am", "ሁለት ቀናት ብቻ", 2),
        ("am", "ምንም", 0),
        ("am", "፫ ቀን", 3),
        ("hi", "तीन दिन", 3),
        ("hi", "लगभग ५ दिन", 5),
        ("hi", "lagbhag 5 din", 5),
        ("hi", "सिर्फ़ दो दिन", 2),
        ("hi", "do din", 2),
        ("hi", "एक भी नहीं", 0),
        ("hi", "kuch nahi", 0),
    ],
)
def test_a_number_is_understood_among_empty_words(language, text, meant):
    assert number(text, language, ear((language, "en", "es")), UNITS) == meant


@pytest.mark.parametrize("language", LANGUAGES)
def test_yes_is_yes_and_no_is_no(language):
    lexicon = LEXICONS[language]

    assert all(yes_or_no(word, language, ALL)[0] is True for word in (*lexicon.yes, *lexicon.own_yes))
    assert all(yes_or_no(word, language, ALL)[0] is False for word in (*lexicon.no, *lexicon.own_no))
    assert all(yes_or_no(word, "en", ALL)[0] is True for word in lexicon.yes)
    assert all(yes_or_no(word, "en", ALL)[0] is False for word in lexicon.no)
    assert yes_or_no(phrases.say("yes", language), language, ALL)[0] is True
    assert yes_or_no(phrases.say("no", language), language, ALL)[0] is False


@pytest.mark.parametrize(
    ("language", "text"),
    [("so", "ma garanayo"), ("tl", "hindi ko alam"), ("sw", "sijui"), ("am", "አላውቅም"), ("hi", "पता नहीं")],
)
def test_not_to_know_is_neither_yes_nor_no(language, text):
    assert yes_or_no(text, language, ALL) is None


# Hindi: vowel signs make words


@pytest.mark.parametrize(
    ("one", "other"), [("ना", "नौ"), ("शोर", "शेर"), ("मेरा", "मारा"), ("हाँ", "है"), ("बंद", "बाद")]
)
def test_vowel_signs_make_words(one, other):
    assert fold(one) != fold(other)


def test_no_is_not_nine():
    assert number("ना", "hi", ear(("hi", "en"))) is None


# Words that ask for a person to look

TOLD = {
    "so": """
Waxaan rabaa inaan dhinto | wiilkaygu wuxuu isku dayay inuu is dilo | nolosha waan ka daalay | ma rabo inaan sii noolaado
ninkayga wuu i garaacaa | gabadhayda waa la kufsaday | arday ayaa dugsiga qori keenay | waan dili doonaa macallinka
wuu ii hanjabay | mindi buu wataa
""",
    "tl": """
gusto ko nang mamatay | magpapakamatay na ako | ayoko nang mabuhay | sinasaktan niya ang sarili niya
binubugbog ako ng tatay ko | sinuntok ng teacher ang anak ko | may dalang baril ang kaklase niya | papatayin kita
takot umuwi ang anak ko | may baril sa school
""",
    "sw": """
nataka kufa | mtoto wangu alijaribu kujiua | nimechoka na maisha | sitaki kuishi tena | mume wangu ananipiga
naogopa kurudi nyumbani | mwanafunzi ana bunduki shuleni | nitawaua wote | mwalimu alimpiga mtoto wangu | alibakwa
""",
    "am": """
ራሴን ማጥፋት እፈልጋለሁ | መሞት እፈልጋለሁ | ልጄ ራሷን ልትገድል ሞከረች | መኖር ሰልችቶኛል | ባሌ ይመታኛል | አስተማሪው ልጄን መታው
ወደ ቤት መሄድ እፈራለሁ | ሽጉጥ ይዞ ትምህርት ቤት መጣ | እገድላችኋለሁ | memot efelgalehu | ባሌ ደበደበኝ
""",
    "hi": """
मैं मरना चाहता हूँ | मेरी बेटी ने आत्महत्या की बात की | अब जीने का मन नहीं है | main mar jana chahti hoon | वह खुद को काटती है
पापा मुझे मारते हैं | mere pati mujhe roz marte hain | एक लड़का स्कूल में चाकू लाया | wo school me gun laya
मैं सबको मार दूँगा | goli maar dunga | घर जाने से डर लगता है
""",
}
EVERYDAY = {
    "so": """
gaajo ayaa i dilaysa | qabowga ayaa na dilaya | waqtiga ayaan dilayaa | baska ayaa soo daahay | waan daalay
albaabka waa la garaacay | waxaan rabaa inaan hadlo | wiilkaygu dugsiga wuu jecel yahay
""",
    "tl": """
gusto ko na mamatay sa tawa | patayin mo ang ilaw | papatayin ko lang ang tv | bus na dilaw | pagod na ako sa trabaho
takot umuwi mag-isa ang anak ko | gutom na gutom na kami | mamamatay na ako sa init
""",
    "sw": """
nakufa kwa njaa | nataka kufa kwa kucheka | alinipigia simu jana | amenipiga picha | sitaki kuishi mbali na shule
nimechoka na kazi | nataka kuua mbu | alipigwa chanjo
""",
    "am": """
በሳቅ ሞትኩ | ብርዱ ገደለኝ | ጊዜ ለመግደል | እዚህ መኖር አልፈልግም | አውቶቡሱ ዘገየ | ኑሮ ከበደን | መሄድ አልፈልግም | የሙዚቃ መሳሪያ አለው
""",
    "hi": """
गर्मी मुझे मार डालेगी | मच्छर मारना चाहता हूँ | मेरा बेटा स्कूल जाता है | kaam ne mujhe maar dala | स्कूल में शोर है
मुझे मेरा नंबर नहीं पता | ब्रेक मारा | ग्लू गन है | मैं थक गया हूँ
""",
}


@pytest.mark.parametrize(("language", "text"), each(TOLD))
def test_what_asks_for_a_person_is_heard(language, text):
    assert danger.read(text, language) is not None
    assert danger.read(text.upper(), "en") is not None  # whatever language we think they speak


@pytest.mark.parametrize(("language", "text"), each(EVERYDAY))
def test_everyday_speech_rings_no_alarm(language, text):
    assert danger.read(text, language) is None


@pytest.mark.parametrize("language", LANGUAGES)
def test_what_we_ask_and_say_ourselves_rings_no_alarm(language):
    said = [phrases.say(name, language, **VALUES) for name in phrases.PHRASES if name not in phrases.COUNTED]

    assert [text for text in said if danger.read(text)] == []


# What Openline says

VALUES = {
    "school": "Lincoln School",
    "least": "0",
    "most": "28",
    "example": "2026-09-14",
    "label": "Very hard",
    "labels": "1 Not hard, 2 A little hard",
    "skip": "SKIP",
    "value": "Bus 12",
    "number": "1",
}


@pytest.mark.parametrize("name", phrases.PHRASES)
@pytest.mark.parametrize("language", LANGUAGES)
def test_every_phrase_is_there_short_and_with_its_gaps(language, name):
    _, forms = phrases._read(language).forms[name]

    assert {gaps(form) for form in forms} == {gaps(phrases.PHRASES[name])} or name in phrases.COUNTED
    for text in said(name, language):
        assert len(text) <= 320
        assert "{" not in text
        for word in ("STOP", "START", "911", "988"):
            assert (word in text) == (word in said(name, "en")[0])


def said(name, language):
    if name in phrases.COUNTED:
        return [phrases.count(name, language, n, **VALUES) for n in (0, 1, 2, 11)]
    return [phrases.say(name, language, **VALUES)]


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_phrase_is_not_left_in_english(language):
    same = [
        name for name, english in phrases.PHRASES.items() if said(name, language)[0] == said(name, "en")[0]
    ]

    assert same == []
    assert language in phrases.DRAFTS


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_skip_word_skips_and_the_name_of_a_language_asks_for_it(language):
    assert requests.read(phrases.say("skip_word", language), language).kind == "skip"
    assert read(phrases.say("language_name", language)) == Word("language", language)


@pytest.mark.parametrize("language", LANGUAGES)
def test_no_language_of_these_is_written_from_right_to_left(language):
    letters = "".join(said("thanks", language) + said("help", language))

    assert not any("\u0590" <= char <= "\u08ff" for char in letters)
