"""The steps of a visit, as somebody with a phone takes them."""

from __future__ import annotations

from playwright.sync_api import expect

from gongchou.draws.models import Visit
from tests.inspections.field.conftest import SHEET, Phone


def enter(phone: Phone) -> None:
    """With the code of the licence, typed."""
    code = Visit.objects.get(pk=phone.record()["visit"]).subject.number
    phone.page.get_by_label("统一社会信用代码").fill(code)
    phone.press("核对并进场")
    expect(phone.page.get_by_role("heading", name="已登记进场")).to_be_visible()


def fill(phone: Phone, *, looks: bool = True) -> None:
    """The sheet, a photo, a problem."""
    phone.follow("下一步：检查")
    phone.page.get_by_label("是", exact=True).check()
    if looks:
        fill_all(phone)
    phone.photo("现场照片和录音")
    phone.look() if looks else None
    phone.follow("下一步：结果")
    phone.page.get_by_label("发现问题或其他情形").check()
    phone.page.get_by_label("发现问题已责令改正").check()
    phone.page.get_by_label("发现问题情况").fill("冷藏柜没有温度记录。")
    phone.page.get_by_label("处置情况").fill("责令当日补齐。")
    phone.page.get_by_label("违反本部门规定，责令改正，后续由日常监管跟踪").check()
    phone.page.get_by_label("实地检查").check()
    phone.look() if looks else None


def sign(phone: Phone, *, looks: bool = True) -> None:
    """Told, and signed by all three."""
    phone.follow("下一步：签名")
    phone.press("已当场告知")
    phone.sees("责令当日补齐")
    for nth in range(2):
        phone.page.get_by_role("region", name="检查人员").get_by_role("button", name="签名").first.click()
        phone.look() if looks and not nth else None
        phone.scrawl()
    phone.page.get_by_label("签名人").fill("演示店长")
    phone.press("当事人签名")
    phone.scrawl()
    phone.look() if looks else None


def submit(phone: Phone, *, looks: bool = True) -> None:
    """All is there."""
    phone.follow("下一步：提交")
    phone.sees("内容齐全，可以提交")
    phone.look() if looks else None
    phone.press("提交")
    phone.page.locator("dialog").get_by_role("button", name="提交").click()
    expect(phone.page.get_by_role("heading", level=1)).to_have_text("同步")


def submitted(phone: Phone) -> None:
    """Open the queue with a record in it that no network has taken; made by the page's own modules, without its screens."""
    phone.ready_for_the_cellar()
    phone.offline()
    phone.page.evaluate(SUBMITTED, SHEET)
    phone.page.evaluate("location.hash = '#/queue'")
    phone.sees("待同步 1 条")


def fill_all(phone: Phone) -> None:
    """Whatever the sheet asks for."""
    phone.page.get_by_label("否", exact=True).check()
    phone.page.get_by_label("不符合的情况").fill("8 度")
    phone.photo("贮存")
    phone.press("定位：门口位置")
    phone.sees("31.230000, 121.470000 ±12米")
    phone.press("签名：库管员签名")
    phone.scrawl()
    phone.page.get_by_label("号码：产品批号").fill("PH-20260302")


SUBMITTED = """async (sheet) => {
  const load = (name) => import(`/static/inspections/field/${name}.js`);
  const [{ openDatabase, findVault }, { Draft, beginDraft }, record, { iso, sha256, newId }] =
    await Promise.all(["vault", "draft", "record", "bytes"].map(load));
  const vault = await findVault(await openDatabase(() => {}));
  const pkg = await vault.get("packages", vault.user);
  const { id } = await beginDraft(vault, pkg, pkg.visits[0]);
  const draft = await Draft.open(vault, id, () => {});
  const canvas = Object.assign(document.createElement("canvas"), { width: 320, height: 240 });
  const pen = canvas.getContext("2d");
  const attach = async (kind) => {
    const bytes = new Uint8Array(await (await new Promise((resolve) => canvas.toBlob(resolve, "image/png"))).arrayBuffer());
    const told = { kind, question: "", caption: "", original: "", taken_at: iso(), type: "image/png" };
    return draft.attach({ ...told, sha256: await sha256(bytes), size: bytes.length, bytes });
  };
  const noise = pen.createImageData(320, 240); // which nothing compresses: more than one piece
  noise.data.forEach((_, at) => (noise.data[at] = at % 4 === 3 ? 255 : Math.random() * 256));
  pen.putImageData(noise, 0, 0);
  await attach("photo");
  const signed = {};
  for (const name of ["甲", "乙", "丙"]) {
    pen.fillRect(0, 0, 320, 80 * (Object.keys(signed).length + 1));
    signed[name] = await attach("signature");
  }
  const other = { is_checked: true, codes: ["PENDING"], problem: "冷藏柜没有温度记录。", handling: "责令补齐。", follow_ups: ["ordered"] };
  draft.change({ typed: { cold: "yes" }, answers: { cold: "yes" }, methods: ["on_site"], told: { at: iso(), how: "on_site" } });
  draft.change({ results: draft.data.results.map((one) => ({ ...one, ...other })) });
  draft.change({ entry: { at: iso(), how: "typed", licence: "", reason: "演示" } });
  const of = await record.signedDigest(draft.data);
  const role = { 甲: "inspector", 乙: "inspector", 丙: "party" };
  draft.change({
    signatures: Object.entries(signed).map(([name, attachment]) => ({ role: role[name], name, certificate: "", attachment, at: iso(), of })),
  });
  if (!(await draft.submit({ id: newId(), app: record.APP }))) throw new Error("not kept");
  await draft.close();
}"""
