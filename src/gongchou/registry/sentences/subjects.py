"""What is said when something about a subject cannot be done."""

SENTENCES = {
    "registry.out_of_reach": "“{department}”不在您的数据范围内。请选择范围内的部门，或请该部门办理。",
    "registry.number_invalid": (
        "编号“{number}”不是有效的统一社会信用代码：应为 18 位、末位校验码正确，字母大写。请对照营业执照核对。"
    ),
    "registry.subject_exists": "编号为“{number}”的检查对象已在库中。请查询后修改已有条目，不要重复登记。",
    "registry.subject_archived": "“{subject}”已归档，不能再修改。",
    "registry.subject_move": "库内状态不能由“{old}”改为“{new}”。",
    "registry.subject_not_living": "登记状态为“{status}”的对象不能恢复参与抽查。请先更新登记状态。",
    "registry.library_exists": "编码为“{library}”的分库已经存在，请换一个编码。",
    "registry.library_ended": "分库“{library}”已停用，不能再列入对象。",
    "registry.licence_missing": "“{library}”凭许可入库，请填写许可证编号。",
    "registry.licence_over": "许可有效期至 {valid_to}，已经过期，不能列入分库。请核对日期或先办理延续。",
    "registry.already_entered": "“{subject}”已在“{library}”中（同一许可证编号），不必重复列入。",
    "registry.membership_left": (
        "这条记录已由人工移出“{library}”（原因：{reason}），办理许可延续不能恢复。"
        "确需恢复的，请在检查对象页面点“列入分库”，用原许可证编号重新列入。"
    ),
    "registry.membership_ended": "这条入库记录已经失效（{library}）。",
    "registry.tag_not_for_subjects": "标签“{tag}”不用于检查对象。",
    "registry.tag_not_approved": "标签“{tag}”未在使用中：待审批、未通过或已停用的标签不能标注。",
    "registry.tag_over": "标签“{tag}”的有效期至 {valid_to}，已经过期，不能标注。请另选标签。",
    "registry.tag_not_near": (
        "标签“{tag}”不在您可使用的范围内：本部门、本市的标签只由该部门、该市使用。请另选标签，或请其设置部门标注。"
    ),
    "registry.qualification_not_usable": (
        "资格“{tag}”不能使用：须为使用中、未过期、用于检查人员的资质标签，且在本单位可用的范围内。请重新选择。"
    ),
    "registry.subject_region": "“{region}”不在“{keeper}”的辖区内。请重新选择行政区划。",
    "registry.tag_gone": "这个标签已经取消。",
}
