"""Which script a text is written in, and which languages are written in it."""

from __future__ import annotations

import unicodedata
from collections import Counter
from collections.abc import Mapping, Sequence
from functools import cache, lru_cache

_SCRIPT_OF_NAME: dict[str, str] = {
    # The first word of a letter's Unicode name -> script
    "CJK": "Han",
    "HIRAGANA": "Kana",
    "KATAKANA": "Kana",
    "HANGUL": "Hangul",
    "ARABIC": "Arabic",
    "CYRILLIC": "Cyrillic",
    "LATIN": "Latin",
    "ETHIOPIC": "Ethiopic",
    "DEVANAGARI": "Devanagari",
    "BENGALI": "Bengali",
    "THAI": "Thai",
    "KHMER": "Khmer",
    "LAO": "Lao",
    "MYANMAR": "Myanmar",
    "GREEK": "Greek",
    "HEBREW": "Hebrew",
    "ARMENIAN": "Armenian",
    "GEORGIAN": "Georgian",
    "GURMUKHI": "Gurmukhi",
    "GUJARATI": "Gujarati",
    "TAMIL": "Tamil",
    "TELUGU": "Telugu",
}

_LANGUAGES: dict[str, frozenset[str]] = {
    "Han": frozenset({"zh", "ja"}),
    "Kana": frozenset({"ja"}),
    "Hangul": frozenset({"ko"}),
    "Arabic": frozenset({"ar", "fa", "ur", "ps", "ckb", "ug", "ku", "sd", "prs"}),
    "Cyrillic": frozenset({"ru", "uk", "bg", "sr", "mk", "be", "kk", "ky", "mn", "tg"}),
    "Ethiopic": frozenset({"am", "ti"}),
    "Devanagari": frozenset({"hi", "ne", "mr"}),
    "Bengali": frozenset({"bn", "as"}),
    "Thai": frozenset({"th"}),
    "Khmer": frozenset({"km"}),
    "Lao": frozenset({"lo"}),
    "Myanmar": frozenset({"my"}),
    "Greek": frozenset({"el"}),
    "Hebrew": frozenset({"he", "yi"}),
    "Armenian": frozenset({"hy"}),
    "Georgian": frozenset({"ka"}),
    "Gurmukhi": frozenset({"pa"}),
    "Gujarati": frozenset({"gu"}),
    "Tamil": frozenset({"ta"}),
    "Telugu": frozenset({"te"}),
}
"""Languages a script is used for. Latin is what the rest use, and the second script of a few of these (sr, ku …)."""
_NOT_LATIN = frozenset(language for script in _LANGUAGES.values() for language in script) - {
    "sr",
    "ku",
    "kk",
    "ug",
}
_WORDS = {"Han": 3, "Kana": 3, "Hangul": 3}
"""A Han or Hangul character is about a word, where a Latin letter is a fifth of one."""


_SAME = {
    "fil": "tl",
    "nb": "no",
    "cmn": "zh",
    "yue": "zh",
    "prs": "fa",
    "pes": "fa",
    "arb": "ar",
    "swh": "sw",
}
"""Tags that have another name here and in the model, or are written alike."""


@cache
def base(language: str) -> str:
    """The language without its region or script, by the name that it has here.

    >>> base("pt-BR"), base("fil")
    ('pt', 'tl')
    """
    bare = language.split("-")[0].lower()
    return _SAME.get(bare, bare)


@cache
def script(letter: str) -> str:
    """The script of a letter; Latin for what we have no name for."""
    return _SCRIPT_OF_NAME.get(unicodedata.name(letter, "").split(" ")[0], "Latin")


def scripts_of(words: str) -> dict[str, int]:
    """How much of the text is in each script, by its letters."""
    if words.isascii():
        return {"Latin": sum(map(str.isalpha, words))}
    counts: dict[str, int] = {}
    for letter, times in Counter(words).items():
        if letter.isalpha():
            found = script(letter)
            counts[found] = counts.get(found, 0) + times * _WORDS.get(found, 1)
    return counts


def main_script(counts: Mapping[str, int]) -> str:
    """The script that most of the text is in."""
    # Japanese mixes both, and kana says that it is Japanese.
    return "Kana" if "Kana" in counts else max(counts, key=lambda name: counts[name])


@lru_cache(maxsize=64)
def written_in(name: str, among: tuple[str, ...], also_latin: frozenset[str]) -> tuple[str, ...]:
    """Those of ``among`` that are written in the script; ``also_latin``: those that people type in Latin letters too."""
    if name == "Latin":
        return tuple(
            language for language in among if base(language) not in _NOT_LATIN or base(language) in also_latin
        )
    return tuple(language for language in among if base(language) in _LANGUAGES[name])


SIMPLIFIED = frozenset(
    "个们来这说时国学会对发没车电话书听讲读写认识问题开关门间见现实让谁还过进远运动边几号给经结网络线红绿组织级"
    "习乐买卖贵钱铁错长张师岁岛师带帮归当录忆总恶惯愿应战户护报担拥择换据损摇数断无旧显晓术机权条样检楼欢"
    "残气汉汤决况冻净凉减灭灯灵热爱爷状独猫画疗痒监盖盘矿码础确离种积称穷窃竞笔简类粮紧纪纳纸纷练细终绍"
    "绝统继续维罗职联聪肤胜脑脸艺节药莱获营虑虽虾蚁补装视觉览触誉计订讨训议记许论设访证评诉诊词译试诗诚语误"
    "请课调谈谊谢谱贝负责贴贺资赛赞赶跃踪轮软轻较辅输辆达迁迟选递适遗邮邻郑释针钟钢铃银锁键镇闲闻阅队阳阴阶际"
    "陆陈险随难雾静顶项须顾预领频颜风飞饭饮饱馆马驾验骂鱼鸟鸡龙龄员园围团图场块坏坚处备头夹夺奖妇妈娱孙宁宝宽"
    "宾导层属举义乡亲亿从仅价众优伤伟传伞体兴兰养写军农冲划则刚创剧办务劝励劳势区医华单卫压厅历厕县参双变"
    "叶吓吗听启响哑喷嘱呕业东两严丧丰临为丽么义习乌争亏亚产亩仓仪倾偿"
)
"""Characters that only simplified writing has, as far as everyday words go."""
TRADITIONAL = frozenset(
    "個們來這說時國學會對發沒車電話書聽講讀寫認識問題開關門間見現實讓誰還過進遠運動邊幾號給經結網絡線紅綠組織級"
    "習樂買賣貴錢鐵錯長張師歲島帶幫歸當錄憶總惡慣願應戰戶護報擔擁擇換據損搖數斷無舊顯曉術機權條樣檢樓歡殘氣漢"
    "湯決況凍淨涼減滅燈靈熱愛爺狀獨貓畫療癢監蓋盤礦碼確離種積稱窮竊競筆簡類糧緊紀納紙紛練細終紹絕統繼續維"
    "羅職聯聰膚勝腦臉藝節藥獲營慮雖蝦補裝視覺覽觸譽計訂討訓議記許論設訪證評訴診詞譯試詩誠語誤請課調談誼謝譜負"
    "責貼賀資賽讚趕躍蹤輪軟輕較輔輸輛達遷遲選遞適遺郵鄰鄭釋針鐘鋼鈴銀鎖鍵鎮閒聞閱隊陽陰階際陸陳險隨難霧靜頂項"
    "須顧預領頻顏風飛飯飲飽館馬駕驗罵魚鳥雞龍齡員園圍團圖場塊壞堅處備頭夾奪獎婦媽娛孫寧寶寬賓導層屬舉義鄉親億"
    "從僅價眾優傷偉傳傘體興蘭養軍農衝劃則剛創劇辦務勸勵勞勢區醫華單衛壓廳歷廁縣參雙變葉嚇嗎啟響啞噴囑嘔業東兩"
    "嚴喪豐臨為麗麼烏爭虧亞產畝倉儀傾償裡後隻禮氣灣臺週"
)
"""Characters that only traditional writing has."""


def chinese(words: str, possible: Sequence[str]) -> str | None:
    """Which of the ways to write Chinese; None where the characters are those of both.

    >>> chinese("校车没来", ["zh-Hant", "zh-Hans"]), chinese("不好吃", ["zh-Hant", "zh-Hans"])
    ('zh-Hans', None)
    """
    simplified = sum(letter in SIMPLIFIED for letter in words)
    traditional = sum(letter in TRADITIONAL for letter in words)
    if simplified == traditional:
        return None
    wanted = "Hant" if traditional > simplified else "Hans"
    return next((tag for tag in possible if wanted in tag), None)
