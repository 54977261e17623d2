"""``make demo-draw``: a whole draw on a small fictitious register, from the dirty file to verified evidence.

Everything here is invented (演示数据): a city that does not exist under a division code that is not assigned.
The beacon is a real round of a public network, long past, so the draw runs in test mode with the times of that day.
"""

from __future__ import annotations

import csv
import random
import shutil
import sys
from pathlib import Path

from gongchou.cli import main
from gongchou.draw.encoding import dump_json
from gongchou.draw.register import USCC_ALPHABET, uscc_check_character
from gongchou.draw.seed import party_commitment

ROUND = 12040883
SIGNATURE = "929906c959032ab363c9f26570d215d66f5c06cb0c44fe508c12bb5839f04ec895bb6868e5b9ff13ab289bdb5266b394"
BEACON_TIME = "2024-10-14T17:13:33Z"
DICE = "63454660390103169462"
SECRETS = {"DEPT-A": "a1" * 32, "DEPT-B": "b2" * 32}
DISTRICTS = {"演示东区": "DQ", "演示西区": "XQ", "演示港区": "GQ", "演示山区": "SQ"}
TRADES = ("餐饮", "食品经营", "药品零售", "特种设备", "旅馆")
N_SHOPS, N_INSPECTORS = 1200, 40


def credit_code(number: int) -> str:
    """A well-formed code under division 990101, which is not assigned to any place."""
    body = "".join(USCC_ALPHABET[number // 31**i % 31] for i in range(9))
    first = "92990101" + body
    return first + uscc_check_character(first)


def write_register(path: Path, chance: random.Random) -> None:
    """Twelve hundred invented shops with the dirt that real registers have."""
    rows = [
        [f"演示商户{n:04}", credit_code(n), chance.choice(list(DISTRICTS)), chance.choice(TRADES)]
        for n in range(1, N_SHOPS + 1)
    ]
    rows[10][1] = rows[10][1].lower()
    rows[20][1] = ""
    rows[30][1] = "990101000000015"
    rows[40][2] = "N/A"
    rows[50][1] = rows[50][1][:-1] + ("0" if rows[50][1][-1] != "0" else "1")
    rows.insert(61, rows[60])
    rows[70] = rows[70][:3]
    with path.open("w", encoding="utf-8", newline="") as file:
        csv.writer(file).writerows([["名称", "统一社会信用代码", "所属区", "行业"], *rows])


def write_people(folder: Path) -> None:
    """Forty invented inspectors by number, one recusal."""
    districts = list(DISTRICTS.values())
    lines = []
    for n in range(N_INSPECTORS):
        home = districts[n % 4]
        skills = "food,lead" if n % 3 == 0 else "food" if n % 3 == 1 else "lead"
        pools = ",".join(sorted({home, districts[(n + 1) % 4]}))
        lines.append(f"I{n + 1:03}\tSCJG\t{home}\t{pools}\t{skills}\t12\t0\n")
    (folder / "inspectors.tsv").write_text("".join(sorted(lines)), encoding="utf-8", newline="")
    (folder / "avoid.tsv").write_text(f"I001\t{credit_code(5)}\n", encoding="utf-8", newline="")
    (folder / "map.csv").write_text("".join(f"{k},{v}\n" for k, v in DISTRICTS.items()), encoding="utf-8")


def draft() -> dict[str, object]:
    """What the lead department writes before the draw."""
    return {
        "campaign": "DEMO-2024-10",
        "draw": "D1",
        "authority": "SCJG",
        "plan": "演示计划：食品经营单位年度抽查",
        "mode": "test",
        "strata": {"*": {"ratio": "3%", "min": 1}, "GQ": {"ratio": "10%"}, "SQ": {"n": 12}},
        "matching": {
            "slots": [{"department": "SCJG", "skills": ["lead"]}, {"department": "SCJG", "skills": ["food"]}],
        },
        "seed": [
            *(
                {"type": "cr", "party": p, "commitment": party_commitment("DEMO-2024-10", p, s)}
                for p, s in SECRETS.items()
            ),
            {"type": "digits", "n": len(DICE)},
            {"type": "drand", "chain": "quicknet", "round": ROUND},
        ],
        "closes_at": "2024-10-14T17:00:00Z",
        "beacon_time": BEACON_TIME,
        "replacement": {"inspectors": {"type": "drand", "chain": QUICKNET}},
        "contacts": ["演示数据，无联系人"],
    }


QUICKNET = "52db9ba70e0cc0f6eaf7803dd07447a1f5477735fd3f661792ba94600c84e971"


def step(zh: str, en: str, *words: object) -> None:
    """Show a step and run its verb; stop when it does not hold."""
    print(f"\n── {zh} · {en}")
    print("   $ python -m gongchou.draw " + " ".join(map(str, words)))
    code = main([str(word) for word in words])
    if code:
        sys.exit(code)


def demo(folder: Path) -> None:
    """The whole job in a fresh directory."""
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    bundle, office = folder / "evidence", folder / "office"
    write_register(folder / "register.csv", random.Random(2024))
    write_people(folder)
    (folder / "draft.json").write_bytes(dump_json(draft()))
    at = ("--office", office, "--at")
    step(
        "一、登记表 → 名录，坏行退回", "1. register into frame, bad rows returned",
        "frame", folder / "register.csv", "--id", "统一社会信用代码", "--stratum", "所属区", "--pool", "所属区",
        "--map", folder / "map.csv", "--scope", "演示市食品经营单位", "--at", "2024-10-13T08:00:00Z", "-o", bundle,
    )  # fmt: skip
    step(
        "二、冻结并公开承诺，此时谁也不知道种子", "2. freeze and commit before anyone can know the seed",
        "commit", bundle, "--params", folder / "draft.json", "--inspectors", folder / "inspectors.tsv",
        "--avoid", folder / "avoid.tsv", *at, "2024-10-13T09:00:00Z",
    )  # fmt: skip
    for party, secret in SECRETS.items():
        step("三、各方揭示", "3. contributors reveal", "reveal", bundle, "--party", party, "--secret", secret,
             *at, "2024-10-14T16:30:00Z")  # fmt: skip
    step("四、截止", "4. close", "close", bundle, "--value", f"3={DICE}", *at, "2024-10-14T17:00:05Z")
    step("五、公共信标到来 → 种子", "5. the beacon comes, the seed follows",
         "seed", bundle, "--office", office, "--value", SIGNATURE)  # fmt: skip
    step("六、抽取对象、匹配人员", "6. select and match", "run", bundle, *at, "2024-10-14T17:14:00Z")
    step("七、任何人核验", "7. anyone verifies", "verify", bundle, "--allow-test")
    step("八、打包交给陌生人", "8. hand it to a stranger", "pack", bundle, "-o", folder / "evidence.zip")
    finish(folder)


def finish(folder: Path) -> None:
    """Say where everything lies."""
    print(f"""
══ 演示完成（演示数据：虚构城市、虚构商户；演练模式） · Demo done (fictitious data, test mode)
   证据包 evidence:     {folder / "evidence"}   {folder / "evidence.zip"}
   被退回的行 rejected: {folder / "evidence" / "rejected.csv"}
   抽中名单 selected:   {folder / "evidence" / "selected.tsv"}
   人员匹配 teams:      {folder / "evidence" / "assignment.tsv"}
   用浏览器核验：打开 verifier/verify.html，把 evidence.zip 拖进去
   To verify in a browser: open verifier/verify.html and drop evidence.zip on it
   再核验一次 verify again: python -m gongchou.draw verify {folder / "evidence.zip"} --allow-test""")


if __name__ == "__main__":
    demo(Path(sys.argv[1] if len(sys.argv) > 1 else "demo-draw"))
