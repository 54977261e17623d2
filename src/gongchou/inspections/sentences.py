"""What the room says when it says no."""

from __future__ import annotations

SENTENCES = {
    "inspections.attachment_broken": "附件在传输中损坏，内容与它的摘要不一致。请重新上传；仍不行请重新拍摄。",
    "inspections.attachment_kind": "附件不是可用的照片或录音。照片请用 JPEG、PNG 或 WebP，不超过 5000 万像素，只有一帧。",
    "inspections.attachment_large": "附件超过 {most} MB，或者比说明的要大。请压缩后再传。",
    "inspections.attachment_pieces": "附件的分段位置没有写对，请更新页面后重试。",
    "inspections.base_old": "这份记录在平台上已经是第 {number} 版，您手机上的版本较旧。请更新资料，对照后重新填写。",
    "inspections.base_unknown": "平台上没有这份记录的前一版。请把它作为新记录提交，或导出后交办公室。",
    "inspections.counts_already": "这份记录已经是有效的记录，不需要再选定。",
    "inspections.files_missing": "还有 {count} 个附件没有传完，不能审核。请提醒检查人员打开手机页面同步。",
    "inspections.holiday_line": "第 {line} 行“{text}”看不懂。请写成“2027-01-01 至 2027-01-03 放假 元旦”或“2027-02-20 上班”。",
    "inspections.holiday_nothing": "没有写 {year} 年的任何安排，请按通知逐行填写。",
    "inspections.holiday_twice": "第 {line} 行把 {day} 又写了一次，一处放假一处上班，请核对。",
    "inspections.no_room": "平台的磁盘满了（{cause}），附件暂时存不下；已传的部分保留，请稍后再同步。",
    "inspections.not_in_review": "检查结果现在是“{state}”，没有可审核的内容。",
    "inspections.not_your_calendar": "节假日安排由双随机办录入。",
    "inspections.not_yours": "您没有被派到这一户为该部门检查，不能提交它的记录。",
    "inspections.offset": "附件的这一段接不上，平台已收到 {have} 字节，请从那里继续。",
    "inspections.opinion_missing": "审核结果为“{verdict}”，请写明理由，让检查人员知道要改什么。",
    "inspections.other_body": "这份记录的同一版已经提交过，内容不同；先收到的不变。请更新资料后作为下一版提交。",
    "inspections.other_user": "现在登录的是另一个人，这份内容不能由其提交。请原来的检查人员重新登录。",
    "inspections.own_record": "记录是您提交的，不能由您审核。请由另一人审核。",
    "inspections.sheet_unknown": "这份记录所用的检查表不是平台发出的。请更新资料后重新填写；已填的内容可以导出。",
    "inspections.state": "检查结果现在是“{state}”，不能变为“{wanted}”。",
    "inspections.too_large": "记录超过 {most} KB。照片和录音请作为附件上传，文字请精简。",
}
