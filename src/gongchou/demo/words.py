"""The words the city is put together from. No place, firm or person is meant.

How that was looked after is in docs/demo.md.
"""

from __future__ import annotations

from random import Random

PROVINCE = "演示省"
CITY = "云砚市"
DISTRICTS = ("砚东区", "砚西区", "澄湾区", "苇渡区", "栖云区", "鹤汀县", "霁山县", "棠溆县", "蓼川县", "雁洄市")
TOWN_FIRST = "砚澄苇栖霁蓼洄岚岫峤沚漪泓澍昀煦珩瑾璟琛祺祎旻晗"
TOWN_SECOND = "坞汀屿陂垄墩泾浦渡桥集湾店"
TOWN_KINDS = ("街道", "街道", "街道", "镇", "镇", "镇", "镇", "乡")

SURNAMES = "赵钱孙李周吴郑王冯陈褚卫蒋沈韩杨朱秦尤许何吕施张孔曹严华金魏陶姜戚谢邹喻柏水窦章云苏潘葛"
GIVEN = "砚澄苇栖鹤霁棠蓼雁洄松汀屿陂垄泾岚岫峤皋沚漪泓澍熙昀晗煦旻祺祎珩瑾璟琛"

SHOP_MIDDLE = "澍煦昀珩瑾璟琛祺岚岫峤皋漪泓翎翊翮臻骁骊"
STREETS = ("观澜路", "听松街", "望霁路", "采蓼巷", "浣砚街", "栖鹤路", "苇岸路", "澄心街", "棠阴路", "归雁路")
BUILDINGS = ("", "", "", "1楼", "2楼203室", "沿街商铺", "产业园3号楼", "地下一层")


def town(district: int, number: int) -> str:
    """The name of a town: its stem belongs to no real place of any level down to the town."""
    at = district * len(TOWN_KINDS) + number
    return TOWN_FIRST[at % 24] + TOWN_SECOND[(district + number) % 13] + TOWN_KINDS[number]


def person(random: Random) -> str:
    """A name that belongs to nobody in particular."""
    return random.choice(SURNAMES) + "".join(random.sample(GIVEN, random.choice((1, 2, 2))))


def phone(random: Random) -> str:
    """Eleven digits no telephone has: none begins with four noughts."""
    return f"0000{random.randrange(10**7):07}"


def shop(random: Random, place: str, kind: str) -> str:
    """The name of a firm. By law it begins with its place; where there is no such place, there is no such firm."""
    return f"{place}{''.join(random.sample(SHOP_MIDDLE, 3))}{kind}"


def address(random: Random, district: str, name: str) -> str:
    """A house in a street that is nowhere."""
    number = random.randrange(1, 400)
    return f"{CITY}{district}{name}{random.choice(STREETS)}{number}号{random.choice(BUILDINGS)}"
