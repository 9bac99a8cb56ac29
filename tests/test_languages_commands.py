"""What people text to the service itself, in eleven languages: stop, start, help, a language, and requests."""

import pytest
from tongues import TAGS, each, rows

from survey_flows import danger, requests
from survey_flows.folding import fold, light
from survey_flows.lexicon import LEXICONS
from survey_flows.utterances import expand
from survey_flows.words import Word, read

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
    "ru": """
стоп | СТОП! | Стоп пожалуйста | хватит | отписаться | отмена | не пишите мне больше | Больше не присылайте мне сообщения
перестаньте мне писать | Отпишите меня | вы ошиблись номером | не тот номер | удалите мой номер | оставьте меня в покое
stop | otpiska | ne pishite mne bolshe | Я уже ответила. Не пишите мне больше!
""",
    "uk": """
стоп | СТОП! | Стоп, будь ласка | припиніть | відписатися | скасувати | не пишіть мені більше | Більше не надсилайте мені повідомлень
перестаньте мені писати | відпишіть мене | ви помилилися номером | не той номер | видаліть мій номер | дайте мені спокій
vidpysatysia | ne pyshit meni bilshe | Я вже відповіла. Не пишіть мені більше!
""",
    "ko": """
그만 | 그만! | 그만 보내세요 | 그만보내세요 | 문자 그만 보내세요 | 더 이상 문자 보내지 마세요 | 문자 보내지 마세요 | 수신거부 | 수신 거부합니다
그만해 주세요 | 중지해주세요 | 취소 | 정지 | 번호 잘못 아셨어요 | 잘못 보내셨어요 | 제 번호 삭제해 주세요 | 스톱 | 답했어요. 그만 보내세요.
""",
    "zh-Hant": """
停 | 停！ | 停止 | 退訂 | 取消訂閱 | 請停止 | 不要再發了 | 請不要再傳簡訊給我 | 我不想再收到簡訊 | 唔好再send | 唔好再send短訊畀我
唔該停 | 唔好煩我 | 唔要短訊 | 打錯電話 | 打錯咗 | 傳錯人了 | 請把我從名單上刪除 | 我已經答了。唔好再send！
""",
    "ur": """
بند کرو | بند کریں | روکو | اسٹاپ | منسوخ | میسج مت بھیجیں | مجھے میسج نہ کریں | مجھے مزید پیغام نہیں چاہیے | غلط نمبر | یہ غلط نمبر ہے
مجھے تنگ نہ کریں | میرا نمبر لسٹ سے نکال دیں | band karo | Band kar do please | message mat karo | mujhe message nahi chahiye
galat number | bas karo | میں جواب دے چکی ہوں۔ مجھے میسج نہ کریں۔
""",
    "fa": """
لغو | لغو۱۱ | لغو 11 | توقف | لطفاً بس کنید | دیگر پیام نفرستید | دیگه پیام ندید | به من پیامک نفرستید | پیام نمی‌خواهم | پیام نمی خوام
دیگر نمی‌خواهم پیام دریافت کنم | مزاحم نشوید | اشتباه گرفتید | این شماره را اشتباه گرفته‌اید | شماره من را حذف کنید | جواب دادم. دیگه پیام نفرستید!
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
    "ru": """
автобус здесь не останавливается | остановка далеко | хватит ли вам времени | на уроках скучно, хватит задавать так много | нет | не знаю
сын не пишет домашнее задание | конец дороги разбит | отменили автобус | надо остановить драки | мне больше не надо ездить так далеко
""",
    "uk": """
автобус тут не зупиняється | зупинка далеко | досить важко | ні | не знаю | син не пише домашнє завдання | скасували автобус
треба зупинити бійки | кінець дороги розбитий | мені більше не треба їздити так далеко
""",
    "ko": """
버스가 여기서 멈추지 않아요 | 버스가 자주 취소돼요 | 아이가 학교를 그만두고 싶대요 | 아니요 | 네 | 잘 모르겠어요 | 문자로 알려 주세요
정류장이 멀어요 | 수업이 늦게 끝나요 | 메시지를 못 받았어요
""",
    "zh-Hant": """
公車不停 | 停車場太遠 | 校車取消了兩次 | 唔要 | 唔好 | 不要 | 冇 | 結束得太晚 | 巴士唔停呢度 | 我打電話給老師了 | 不知道
""",
    "ur": """
بس اسٹاپ دور ہے | بس | بس یہاں نہیں رکتی | اسکول جلدی بند ہوتا ہے | نہیں | جی | مجھے معلوم نہیں | سڑک بند ہے | acha | bas stop door hai
لڑائی بند ہونی چاہیے
""",
    "fa": """
اتوبوس اینجا توقف نمی‌کند | ایستگاه دور است | سرویس لغو شد | نه | نمی‌دانم | خیر | بچه‌ام پیام نفرستاد | پایان سال سخت است
بس که دیر می‌آید خسته شدیم | اینترنت قطع است
""",
}
NAMED = {
    "so": "Soomaali | soomaali fadlan | Af-Soomaali | afsoomaali | Somali | in Somali please | waxaan ku hadlaa Soomaali | 索马里语 | somalí",
    "tl": "Tagalog | tagalog po | sa Tagalog | Filipino | Tagalog please | marunong ako ng Tagalog | I speak Tagalog | tagalo | 他加禄语",
    "sw": "Kiswahili | kiswahili tafadhali | kwa Kiswahili | Swahili | nazungumza Kiswahili tu | in Swahili | suajili | 斯瓦希里语",
    "am": "አማርኛ | በአማርኛ | በአማርኛ እባክዎ | Amharic | amarigna | አማርኛ ብቻ | I speak Amharic | amhárico | 阿姆哈拉语",
    "hi": "हिन्दी | हिंदी | हिंदी में | हिन्दी में लिखें | hindi mein | Hindi please | in Hindi | I speak Hindi | मुझे हिंदी चाहिए | 印地语",
    "ru": "русский | Русский! | по-русски пожалуйста | на русском | я говорю по-русски | Russian | ruso | 러시아어 | 俄語",
    "uk": "українська | українською будь ласка | Українською мовою | я розмовляю українською | Ukrainian | украинский | 烏克蘭語",
    "ko": "한국어 | 한국말로 해주세요 | 한국어로 보내 주세요 | Korean | coreano | 韓文 | корейский | in Korean please",
    "zh-Hant": "繁體中文 | 繁體 | 请用繁体 | 我要繁體字 | 廣東話 | 我講廣東話 | 粵語 | Traditional Chinese | Cantonese | 正體中文",
    "ur": "اردو | اردو میں | اردو میں لکھیں | مجھے صرف اردو آتی ہے | Urdu | urdu mein | 烏爾都語 | urdu mein likhein",
    "fa": "فارسی | فارسي | به فارسی بنویسید | دری | Farsi | Persian | persa | Dari | 波斯語 | فارسی لطفاً",
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


@pytest.mark.parametrize(("tag", "text"), rows(STOPS))
def test_a_person_who_wants_no_more_is_understood_in_any_conversation(tag, text):
    assert read(text, tag) == read(text) == Word("stop")


@pytest.mark.parametrize(("tag", "text"), rows(ORDINARY))
def test_what_sounds_like_stop_and_is_not_is_no_command(tag, text):
    assert read(text, tag) is None


@pytest.mark.parametrize(("tag", "text"), rows(NAMED))
def test_a_language_is_asked_for_by_its_names(tag, text):
    assert read(text, tag) == read(text) == Word("language", tag)


@pytest.mark.parametrize(
    "text", each("по-английски | англійською | 영어로 해주세요 | 英文 | انگریزی میں | به انگلیسی")
)
def test_the_way_back_to_english_is_open(text):
    assert read(text) == Word("language", "en")


def test_the_plain_word_for_chinese_asks_for_the_simplified():
    assert read("中文") == read("國語") == Word("language", "zh-Hans")


@pytest.mark.parametrize(("tag", "text"), rows(STARTS))
def test_start_is_known(tag, text):
    assert read(text) == Word("start")


@pytest.mark.parametrize(("tag", "text"), rows(HELPS))
def test_help_is_known(tag, text):
    assert read(text) == Word("help")


@pytest.mark.parametrize("text", ["መለስኩ። መልእክት አትላኩልኝ።", "जवाब दे दिया। मैसेज बंद करो।"])
def test_a_sentence_ends_where_its_script_ends_it(text):
    assert read(text) == Word("stop")


# Collisions, of these languages with all there are


@pytest.mark.parametrize("tag", TAGS)
def test_no_answer_in_any_language_is_a_command_to_these_and_none_of_theirs_is_to_any(tag):
    own = LEXICONS[tag]
    mine = [
        *own.yes,
        *own.no,
        *own.own_yes,
        *own.own_no,
        *own.none,
        *own.ok,
        *own.every,
        *(word for row in (*own.numbers.values(), *own.ordinals.values()) for word in row),
    ]
    theirs = [
        word
        for other in LEXICONS.values()
        for row in (other.yes, other.no, other.none, *other.numbers.values())
        for word in row
    ]

    assert [word for word in mine if read(word, tag)] == []
    assert [word for word in theirs if read(word, tag)] == []
    assert [word for word in mine if word not in own.ok and read(word)] == []


@pytest.mark.parametrize("tag", TAGS)
def test_no_word_that_we_leave_out_is_a_number_of_another_language_in_a_list(tag):
    """What is skipped between two choices must not be one of them ("isa at tatlo", "hai, ba")."""
    numbers = {fold(w): x.language for x in LEXICONS.values() for ws in x.numbers.values() for w in ws}
    empty = (*LEXICONS[tag].filler, *LEXICONS[tag].joining)

    found = {word: numbers[fold(word)] for word in empty if fold(word) in numbers}
    assert found == (
        {"یہ": "fa"} if tag == "ur" else {}
    )  # "this", which on a phone is spoken Persian's "one"


@pytest.mark.parametrize("tag", TAGS)
def test_a_polite_word_of_a_language_is_no_answer_in_another(tag):
    polite = {light(phrase) for phrase in LEXICONS[tag].polite}
    answers = {
        light(word): x.language
        for x in LEXICONS.values()
        for row in (x.yes, x.no, x.own_yes, x.own_no, *x.numbers.values(), *x.ordinals.values())
        for word in row
    }

    assert {word: answers[word] for word in polite if word in answers} == {}


def test_commands_that_mean_two_things_are_settled_by_the_persons_language():
    assert read("acha", "sw") == Word("stop")
    assert read("acha", "hi") is None  # good
    assert read("pare", "es") == Word("stop")
    assert read("pare", "tl") is None  # mate
    assert read("hindi", "tl") is None  # no
    assert read("hindi") is None  # nobody is moved to a language that they may not read


@pytest.mark.parametrize("tag", TAGS)
def test_no_pattern_has_a_bracket_left_when_it_is_expanded(tag):
    own = LEXICONS[tag]
    patterns = [
        pattern
        for row in (
            own.stop,
            own.stop_sentence,
            own.skip,
            own.back,
            own.dont_know,
            own.person,
            own.meant,
            own.join,
        )
        for pattern in row
    ]
    told = danger.load((danger.FOLDER / f"{tag}.yaml").read_text("utf-8"))
    patterns += [pattern for kind in (*danger.KINDS, "not") for pattern in told[kind]]

    assert [
        pattern
        for pattern in patterns
        for wording in [next(iter(expand(pattern)))]
        if set(wording) & set("[]()?")
    ] == []


# Requests

ASKED = {
    "skip": {
        "so": "bood | ka bood | ma rabo inaan ka jawaabo | su'aasha xigta | BOOD",
        "tl": "laktaw | laktawan po | skip na | pass muna | ayokong sagutin | susunod na tanong",
        "sw": "ruka | ruka swali hili | sitaki kujibu | swali linalofuata | pita",
        "am": "ይለፍ | ይዝለሉ | ቀጣይ ጥያቄ | መመለስ አልፈልግም | zilel",
        "hi": "छोड़ें | इसे छोड़ दें | अगला सवाल | जवाब नहीं देना | chhodo | agla sawal | jawab nahi dena",
        "ru": "пропустить | Пропустите, пожалуйста | дальше | следующий вопрос | не хочу отвечать",
        "uk": "пропустити | Пропустіть, будь ласка | далі | наступне питання | не хочу відповідати",
        "ko": "건너뛰기 | 건너뛸게요 | 패스 | 다음 질문 | 대답하고 싶지 않아요",
        "zh-Hant": "跳過 | 跳過這題 | 下一題 | 我不想回答 | 唔想答",
        "ur": "اسکپ | اگلا سوال | یہ سوال چھوڑ دیں | جواب نہیں دینا | agla sawal",
        "fa": "بعدی | سؤال بعدی | رد کن | نمی‌خواهم جواب بدهم | بگذریم",
    },
    "back": {
        "so": "dib u noqo | su'aashii hore | gadaal",
        "tl": "bumalik | balik po | nakaraang tanong",
        "sw": "rudi nyuma | swali lililopita | rudi",
        "am": "ተመለስ | ወደ ኋላ | ያለፈው ጥያቄ",
        "hi": "वापस | पिछला सवाल | wapas | peeche jao",
        "ru": "назад | вернуться | предыдущий вопрос | хочу изменить ответ",
        "uk": "назад | повернутися | попереднє питання | хочу змінити відповідь",
        "ko": "뒤로 | 이전 질문 | 돌아가기 | 답을 바꾸고 싶어요",
        "zh-Hant": "上一題 | 返回 | 返去 | 我想改答案",
        "ur": "پیچھے | واپس | پچھلا سوال | جواب بدلنا ہے",
        "fa": "قبلی | سؤال قبلی | برگرد | می‌خواهم جوابم را عوض کنم",
    },
    "dont_know": {
        "so": "ma garanayo | ma aqaan | anigu ma hubo | ma ogi",
        "tl": "hindi ko alam | di ko po alam | ewan ko | hindi ako sigurado | wala po akong maisip",
        "sw": "sijui | sina uhakika | sikumbuki | mimi sijui",
        "am": "አላውቅም | እኔ እንጃ | እርግጠኛ አይደለሁም | alawkim",
        "hi": "पता नहीं | मुझे नहीं पता | नहीं मालूम | याद नहीं | pata nahi | mujhe nahi pata | nahi malum",
        "ru": "не знаю | я не знаю | Не помню. | затрудняюсь ответить | без понятия",
        "uk": "не знаю | я не знаю | не пам'ятаю | важко сказати | гадки не маю",
        "ko": "모르겠어요 | 잘 모르겠습니다 | 몰라요 | 기억이 안 나요 | 글쎄요",
        "zh-Hant": "不知道 | 我不知道 | 唔知 | 唔知呀 | 不清楚 | 不記得了",
        "ur": "معلوم نہیں | مجھے نہیں پتہ | پتہ نہیں | یاد نہیں | pata nahi",
        "fa": "نمی‌دانم | نمی دونم | نمیدونم | یادم نیست | مطمئن نیستم",
    },
    "person": {
        "so": "waxaan rabaa inaan qof la hadlo | i soo wac | ma i soo wici kartaan | turjumaan baan u baahanahay",
        "tl": "gusto kong makausap ang tao | tawagan nyo po ako | pwede po bang tawagan nyo ako | kailangan ko po ng interpreter",
        "sw": "nataka kuzungumza na mtu | nipigie simu | naomba mnipigie | nahitaji mkalimani",
        "am": "ሰው ማነጋገር እፈልጋለሁ | ደውሉልኝ | ይደውሉልኝ እባክዎ | አስተርጓሚ እፈልጋለሁ",
        "hi": "मुझे किसी से बात करनी है | मुझे फ़ोन करें | mujhe call karo | mujhe kisi se baat karni hai",
        "ru": "хочу поговорить с человеком | позвоните мне, пожалуйста | перезвоните мне",
        "uk": "хочу поговорити з людиною | зателефонуйте мені, будь ласка | передзвоніть мені",
        "ko": "선생님과 통화하고 싶어요 | 전화 주세요 | 상담원 연결해 주세요",
        "zh-Hant": "我想跟真人說話 | 可以打電話給我嗎 | 我想同老師傾偈",
        "ur": "مجھے کسی سے بات کرنی ہے | مجھے کال کریں | mujhe kisi se baat karni hai",
        "fa": "می‌خواهم با کسی صحبت کنم | لطفاً به من زنگ بزنید | با من تماس بگیرید",
    },
    "ok": {
        "so": "haye | waa hagaag | ok",
        "tl": "sige | sige po | ok lang",
        "sw": "sawa | sawa sawa | haya",
        "am": "እሺ | ishi | ይሁን",
        "hi": "ठीक है | theek hai | acha | wahi",
        "ru": "ок | хорошо | то же самое",
        "uk": "ок | добре | те саме",
        "ko": "오케이 | 좋아요 | 그대로",
        "zh-Hant": "好的 | 照舊 | 冇問題",
        "ur": "ٹھیک ہے | اوکے | وہی | theek hai",
        "fa": "باشه | اوکی | همان",
    },
}
MEANT = [
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
    ("ru", "я имела в виду 2", "2"),
    ("ru", "исправьте на 2", "2"),
    ("ru", "нет 2", "2"),
    ("ru", "точнее 2", "2"),
    ("uk", "я мав на увазі 2", "2"),
    ("uk", "змініть на 2", "2"),
    ("uk", "ні 2", "2"),
    ("uk", "точніше 2", "2"),
    ("ko", "제 말은 2", "2"),
    ("ko", "아니 2", "2"),
    ("ko", "정정 2", "2"),
    ("zh-Hant", "我是說2", "2"),
    ("zh-Hant", "改成2", "2"),
    ("zh-Hant", "唔係2", "2"),
    ("ur", "میرا مطلب 2", "2"),
    ("ur", "نہیں 2", "2"),
    ("ur", "mera matlab 2", "2"),
    ("fa", "منظورم 2", "2"),
    ("fa", "نه 2", "2"),
    ("fa", "جوابم 2", "2"),
]
JOINING = [
    ("so", "ku biir BUS"),
    ("tl", "sumali sa BUS"),
    ("sw", "jiunge na BUS"),
    ("am", "ተቀላቀል BUS"),
    ("hi", "BUS से जुड़ें"),
    ("hi", "shamil BUS"),
    ("ru", "записаться BUS"),
    ("uk", "приєднатися BUS"),
    ("ko", "참여 BUS"),
    ("zh-Hant", "參加BUS"),
    ("ur", "شامل BUS"),
    ("fa", "عضویت BUS"),
]


@pytest.mark.parametrize(
    ("kind", "tag", "text"),
    [
        (kind, tag, text)
        for kind, table in ASKED.items()
        for tag, texts in table.items()
        for text in each(texts)
    ],
)
def test_what_a_person_asks_of_the_conversation_is_heard(kind, tag, text):
    assert requests.read(text, tag) == requests.Request(kind)
    assert read(text, tag) is None


@pytest.mark.parametrize(("tag", "text", "meant"), MEANT)
def test_a_correction_says_what_was_meant(tag, text, meant):
    assert requests.read(text, tag) == requests.Request("meant", meant)


@pytest.mark.parametrize(("tag", "text"), JOINING)
def test_joining_by_keyword(tag, text):
    assert requests.read(text, tag) == requests.read("JOIN BUS", tag) == requests.Request("join", "BUS")
