"""Words that ask for a person to look, in eleven languages, and everyday speech that does not."""

import pytest
from tongues import each, rows

from survey_flows import danger

DANGER = {
    None: {  # of whatever kind
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
    },
    "self_harm": {
        "ru": "я хочу умереть | он режет себя | не хочу больше жить | сын говорит, что покончит с собой | лучше бы я не родилась",
        "uk": "я хочу померти | він ріже себе | не хочу більше жити | донька каже про самогубство | краще б я не народилася",
        "ko": "죽고 싶어요 | 죽고싶다 | 아이가 자해를 했어요 | 더 이상 살고 싶지 않아요 | 자살하고 싶대요 | 그냥 사라지고 싶어요",
        "zh-Hant": "我想死 | 她割腕 | 我不想活了 | 佢話想自殺 | 我唔想做人 | 他想跳樓",
        "ur": "میں مرنا چاہتی ہوں | وہ خودکشی کرنا چاہتا ہے | میں جینا نہیں چاہتا | main marna chahta hun | خود کو مارنا چاہتا ہوں",
        "fa": "می‌خواهم بمیرم | می خوام بمیرم | پسرم خودکشی کرده | دیگر نمی‌خواهم زنده باشم | خودش را می‌زند | از زندگی خسته شدم",
    },
    "harm": {
        "ru": "муж бьёт меня | отец бьёт ребёнка | он угрожает мне | боюсь идти домой | меня дома бьют",
        "uk": "чоловік б'є мене | батько б’є дитину | він погрожує мені | боюся йти додому | мене вдома б'ють",
        "ko": "아빠가 저를 때려요 | 집에 가기 무서워요 | 선생님이 제 몸을 만졌어요 | 남편이 협박해요 | 형한테 맞았어요",
        "zh-Hant": "爸爸打我 | 我被爸爸打 | 老公恐嚇我 | 我很怕回家 | 阿爸打我 | 家暴",
        "ur": "شوہر مجھے مارتا ہے | ابو بچوں کو مارتے ہیں | مجھے گھر میں مارتے ہیں | shohar mujhe marta hai | دھمکی دیتا ہے",
        "fa": "شوهرم مرا می‌زند | پدرم منو میزنه | از پدرم می‌ترسم | در خانه کتک می‌خورد | به دخترم تجاوز شد",
    },
    "violence": {
        "ru": "я убью его | мальчик принёс нож в школу | взорвать школу | у него есть пистолет | завтра устрою стрельбу",
        "uk": "я вб'ю його | хлопець приніс ніж до школи | підірвати школу | у нього є пістолет | вбити вчителя",
        "ko": "다 죽여버릴 거야 | 가방에 칼이 있어요 | 칼을 가져왔어요 | 학교를 폭파하겠다 | 선생님을 죽이고 싶다",
        "zh-Hant": "我要殺了他 | 他帶刀來學校 | 書包裡有刀 | 炸學校 | 佢話要斬死老師",
        "ur": "سب کو مار دوں گا | وہ چاقو لایا تھا | بیگ میں پستول ہے | اسکول کو بم سے اڑا دوں گا | sab ko mar dunga",
        "fa": "معلم را می‌کشم | در کیفش چاقو دارد | تفنگ به مدرسه آورد | همه را می‌کشم | مدرسه را منفجر می‌کنم",
    },
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
    "ru": """
автобус всегда опаздывает | умираю со смеху | чтобы убить время | не хочу жить здесь, далеко от школы | сын порезал палец
учитель повысил голос | дождь бьёт по окнам | нет денег на автобус | надо больше кружков | он любит жизнь
""",
    "uk": """
автобус завжди запізнюється | вмираю зі сміху | щоб убити час | не хочу жити тут, далеко від школи | син порізав палець
учитель підвищив голос | дощ б'є по вікнах | нема грошей на автобус | треба більше гуртків
""",
    "ko": """
버스가 항상 늦어요 | 배고파 죽겠어요 | 웃겨 죽겠어요 | 아이가 혼자 해요 | 할머니는 혼자 살아요 | 예방주사를 맞았어요 | 학교에 총 3명이 다녀요
답이 맞았어요 | 대학 대신 취업을 하고 싶대요 | 친구 타고 다니는 버스 | 약을 다 먹었어요 | 문자 해 주세요 | 추워 죽겠어요 | 건강 간식을 주세요
""",
    "zh-Hant": """
校車總是遲到 | 笑死我了 | 熱死了 | 打我電話 | 請打電話給我 | 餓死了 | 想死你了 | 殺時間 | 佢好攰 | 孩子喜歡打籃球
""",
    "ur": """
بس ہمیشہ دیر سے آتی ہے | ہنس ہنس کر مر گیا | میرا بیٹا بیمار ہے | اسکول دور ہے | استاد اچھے ہیں | گھر میں انٹرنیٹ نہیں | وقت نہیں ہوتا
بچے کو بخار ہے | ڈاکٹر نے گولی دی | bus late aati hai
""",
    "fa": """
اتوبوس همیشه دیر می‌آید | از خنده مردم | معلم خوب است | بچه‌ام مریض است | خانه ما دور است | زنگ می‌زنم | با او حرف زدم
پسرم درس می‌خواند | هوا سرد است | دلم برای مدرسه تنگ شده
""",
}


@pytest.mark.parametrize(
    ("kind", "tag", "text"),
    [
        (kind, tag, text)
        for kind, table in DANGER.items()
        for tag, texts in table.items()
        for text in each(texts)
    ],
)
def test_what_asks_for_a_person_to_look_is_found(kind, tag, text):
    found = danger.read(text, tag)

    assert found is not None
    assert kind in (found.kind, None)
    assert danger.read(text.upper(), "en") is not None  # whatever language we think they speak


@pytest.mark.parametrize(("tag", "text"), rows(EVERYDAY))
def test_everyday_speech_is_no_danger(tag, text):
    assert danger.read(text, tag) is None
