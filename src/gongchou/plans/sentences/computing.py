"""What is said when a pool or a number cannot be computed."""

SENTENCES = {
    "plans.pool_stored": "存储的抽取范围无法读取（{where}）。请联系运维核对数据，或重新设置抽取范围。",
    "plans.times_missing": "该比例没有“{times}次”的选项，可选：{choices}次。请选择其中一种次数。",
    "plans.rounds": "全年抽取次数不能是 {rounds}。请填写 1 到 366 之间的次数。",
    "plans.quota_above_pool": "要抽取 {n} 户，而可抽取的只有 {size} 户。请减少抽取数量，或扩大抽取范围。",
    "plans.capacity_too_small": "按各类对象的最低比例至少需要 {needed} 户次，而现有检查力量只有 {capacity} 户次。请增加检查力量，或降低最低比例。",
}
