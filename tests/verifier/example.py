"""The worked example of the protocol's design, section E: every value was computed with sha256sum."""

FRAME = "".join(f"{stratum}\t91000000VDPT{n:06}\tP1\n" for n, stratum in enumerate("AAAAAABBBBCC", start=1))
PEOPLE = "".join(
    f"I{n:03}\tD1\tP1\tP1\t{skills}\t4\t0\n"
    for n, skills in enumerate(["food,lead", "food", "food", "food,lead", "food"], start=1)
)
AVOID = "I002\t91000000VDPT000003\n"
FRAME_DIGEST = "87529abcce2118309180b9c1d8fad1dc03be18c47850624045bcd591171d0fdc"
FRAME_ROOT = "99dc06a7deaadc171b54604254e20676e97cb8f0b3fe4a75ba15f83513a85a54"
SEED = "8b0bcc8a037bc744b931212e143e4a095716012a4e2bf653ceb9a23becfec6f3"
CLOSE_DIGEST = "f9e4bfe449801aa487ff412d2c931d61187fbdb056301eae7472ecc7534043d6"
PREFIXES = {
    "object": "514a88ba5e7105b6a1eed816dede74fbe64c7ad088c2c42438fdce25cf4c398e",
    "task": "a1c0f57ea0f55016ff602a39b3b2a5d6dcbcc9c36b057165ec8027657940e797",
    "inspector": "25e2b3f57a073a48457b7d1975bbf80a0070e85097a6edcff82914e6484d4b8f",
}
COMMITMENTS = {
    "DEPT-A": (
        "edb06e4f32676768cb0b8dbcd31a830dbd39750349a83095c7023f50be60d908",
        "a1f78aed6818211d6a8f6c0023594fa4d0e31b8e255eb83fabf2dc507fe43930",
    ),
    "DEPT-B": (
        "a0eda76b32655a4f06e1575087698ccd0a409186e12f1545141a42284775d591",
        "b084124171e2a161bcc4522ff117ca14d05294c4b26fc1a0373dba932725a2b7",
    ),
}
CHAIN = "52db9ba70e0cc0f6eaf7803dd07447a1f5477735fd3f661792ba94600c84e971"
C = "ba3dda95cdd8de751adaa1b7839f03cf116b8da83cee3d0f5fc4e32235f8eae3"
PARAMS = (
    '{"authority":"DEPT-A","avoid":{"root":"c39ae7b480ef3469d75ec320da1897b05735cdb21befe2ea1dc36af4a521a6a2",'
    '"sha256":"836d6d80b5b5ffcb2e6d210bbacc542baa860d2505b0672e12acc908404be8fe","size":1},'
    '"campaign":"DEMO-2026-01","draw":"D1",'
    '"frame":{"root":"99dc06a7deaadc171b54604254e20676e97cb8f0b3fe4a75ba15f83513a85a54",'
    '"sha256":"87529abcce2118309180b9c1d8fad1dc03be18c47850624045bcd591171d0fdc","size":12},'
    '"inspectors":{"root":"f76d8ae98ea175c798fcd8e79a3bcbc739bb95c8c397d8b8acbbdea178161582",'
    '"sha256":"aba1990c2b729ad59f3aacc712f1072c3cbcc4f46e1fa14268a5b90519e37a89","size":5},'
    '"matching":{"algo":"deal1","slots":[["lead"],["food"]]},"plan":"DEMO PLAN",'
    '"seed":[{"commitment":"a1f78aed6818211d6a8f6c0023594fa4d0e31b8e255eb83fabf2dc507fe43930",'
    '"party":"DEPT-A","type":"cr"},'
    '{"commitment":"b084124171e2a161bcc4522ff117ca14d05294c4b26fc1a0373dba932725a2b7",'
    '"party":"DEPT-B","type":"cr"},{"n":20,"type":"digits"},'
    f'{{"chain":"{CHAIN}","round":12040883,"type":"drand"}}],"seq":1,'
    '"strata":[{"den":100,"id":"A","min":1,"n":1,"num":5,"round":"ceil","size":6},'
    '{"den":100,"id":"B","min":1,"n":1,"num":10,"round":"ceil","size":4},'
    '{"den":100,"id":"C","min":1,"n":1,"num":50,"round":"ceil","size":2}],"suite":"sha256","v":"vdp1"}'
)
CLOSE = (
    "vdp1 seed\ncampaign DEMO-2026-01\n"
    f"commit D1 {C}\n"
    f"source 1 cr DEPT-A {COMMITMENTS['DEPT-A'][0]}\n"
    f"source 2 cr DEPT-B {COMMITMENTS['DEPT-B'][0]}\n"
    "source 3 digits 63454660390103169462\n"
)
SIGNATURE = "929906c959032ab363c9f26570d215d66f5c06cb0c44fe508c12bb5839f04ec895bb6868e5b9ff13ab289bdb5266b394"
SEED_INPUT = f"{CLOSE}source 4 drand {CHAIN} 12040883 {SIGNATURE}\n"
TICKETS = """\
A 1 91000000VDPT000005 3f6857273aa7d1cde62ced2be02e3500d7c3060d1ea4f10b9c113e7ededd26f6
A 2 91000000VDPT000001 7260f593ebe87877a5849a4f8d91ea5b2db1de46fda1fca9b8452e8fd20cdf8b
A 3 91000000VDPT000003 8686b45706c124647cb3e714089523ccf2f796db27a9d07e0f8950d69af9605c
A 4 91000000VDPT000004 c305bfe831e65a947e077240cd6dc55a4a6747d145719424be469f4a3f529edb
A 5 91000000VDPT000006 c399de31ff6bf0a2b769c071b060890783a4ec11edd7a18c31a1ae2b63fba5a3
A 6 91000000VDPT000002 c5701fdc676b8cc2e4a24e9a4560860c25724fcb62caca85841b20df45b9584c
B 1 91000000VDPT000008 4909f9947af99eb9bc491124290c5ab52991ade7901030dd22b967220a6a3a42
B 2 91000000VDPT000007 4adc49329eb0330f96f052a632e2389aba462f982ac0f38c5795488c168d83df
B 3 91000000VDPT000010 6b4e82a7ddfd565f451a00dd6bba7097043b165bad18d76468e4a018b16519f8
B 4 91000000VDPT000009 cfd94696a4f0c1ed721348eda87d1073e4ae401d27ecc76ab56b4f68681e7e0a
C 1 91000000VDPT000012 a3f14d68e761bb571aab11e5379a2dc08f5837ac8b8af0b9b75137683d5e0fe3
C 2 91000000VDPT000011 c221d7401d85a37fc3bd272b7b1314018b31eac51e4150ec216e1b11bc615a4c
"""
TEAMS = {
    "91000000VDPT000012": ["I004", "I002"],
    "91000000VDPT000008": ["I001", "I003"],
    "91000000VDPT000005": ["I004", "I005"],
}
