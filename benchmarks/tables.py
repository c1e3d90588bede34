"""Results as markdown tables. Sets are called by their public names, and no path appears."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import Any

SETS = {
    "news": "RealTimeQA news",
    "multihoprag500": "MultiHop-RAG",
    "hotpot100": "HotpotQA",
    "clapnq_dev": "CLAPnq",
    "squad2_500": "SQuAD 2.0",
    "xquad_en": "XQuAD (English)",
    "rgb_en_fact": "RGB (facts)",
    "quail_dev_news": "QuAIL news",
    "corpus": "the sample corpus",
}
SYSTEMS = {
    "byline": "Byline",
    "bm25s": "bm25s, its defaults",
    "bm25s-tuned": "bm25s, k1 .9, b .4, English stems",
    "llamaindex": "LlamaIndex + Chroma, defaults (1024/200)",
    "llamaindex-256": "LlamaIndex + Chroma, 256/32",
    "langchain": "LangChain + Chroma, defaults (4000/200 chars)",
    "langchain-1000": "LangChain + Chroma, tutorial (1000/200 chars)",
    "dense": "dense alone, exact, 256/32",
    "tantivy": "Tantivy, English stems",
    "haystack": "Haystack, hybrid",
    "txtai": "txtai, hybrid, 256/32",
}
ADDING = {
    "ingest": "in an open library",
    "until_found": "until a search finds it",
    "handed": "`byline ingest`, handed to a server",
    "alone": "`byline ingest`, alone",
}
MEGABYTE = 1_000_000


def table(head: Sequence[str], rows: Iterable[Sequence[object]]) -> str:
    """A markdown table; the first column is text, the others are figures."""
    lines = [head, ["---", *["---:"] * (len(head) - 1)], *rows]
    return "\n".join(f"| {' | '.join(map(str, line))} |" for line in lines)


def ingest_table(result: dict[str, Any]) -> str:
    """The tables of an ingest result: Byline and the encoder, and the cost by tokens where peers ran too."""
    tables = ((_ingest_table(each), _costs(each) if "systems" in each else None) for each in result["sets"])
    return "\n\n".join(shown for pair in tables for shown in pair if shown)


def questions_table(result: dict[str, Any]) -> str:
    """The tables of a questions result: finding, answering, refusing, speed and memory."""
    sets = result["sets"]
    return "\n\n".join(
        [
            "Finding: by article, the best passage of each.\n\n" + _finding(sets),
            "Answering: answerable questions with a gold that a quote can hold.\n\n" + _answering(sets),
            "Refusing.\n\n" + _refusing(sets),
            "Speed and memory of `byline serve`, over HTTP.\n\n" + _speed(sets),
        ]
    )


def peers_table(result: dict[str, Any]) -> str:
    """The tables of a peers result: each system's quality and cost on each set, and Byline's lead with its interval."""
    sets = result["sets"]
    return "\n\n".join(
        [
            "Quality: by article, the best passage of each.\n\n" + _qualities(sets),
            "Cost.\n\n" + _peer_costs(sets),
            "Byline's nDCG@10 minus that of each peer.\n\n" + _leads(result),
        ]
    )


def growth_table(result: dict[str, Any]) -> str:
    """The tables of a growth result: adding an article, a second run, size."""
    parts = ["One article added.\n\n" + _adding(result)]
    if "second_run" in result:
        parts.append("A second run over unchanged articles.\n\n" + _second_run(result["second_run"]))
    return "\n\n".join([*parts, "Size.\n\n" + _sizes(result["sets"])])


def scale_table(result: dict[str, Any]) -> str:
    """The tables of a scale result: what retrieval itself takes, filters, the libraries."""
    return "\n\n".join(
        [
            "Retrieval itself: all of a search but the encoder.\n\n" + _own_costs(result["sets"]),
            "Filters: the median of a search, times that of one without filters; and the ten best found of those that"
            " comparing all finds.\n\n" + _filters(result["sets"]),
            "The libraries.\n\n" + _filled(result),
        ]
    )


def set_name(name: str) -> str:
    """The public name of a set."""
    return SETS.get(name, name)


def share(value: float | None) -> str:
    """A figure between 0 and 1 as .123."""
    return "–" if value is None else f"{value:.3f}".replace("0.", ".", 1)


def megabytes(value: float | None) -> str:
    """Bytes as megabytes."""
    return "–" if value is None else f"{value / MEGABYTE:,.0f}"


def _ingest_table(found: dict[str, Any]) -> str:
    encoder, ingest, again, size = (found[name] for name in ("encoder", "ingest", "again", "size"))
    first, last = encoder["runs_seconds"]
    rows = [
        ("articles, passages, passages embedded", f"{found['articles']}, {found['passages']}, {found['embedded']}"),
        ("encoder alone, before and after", f"{first} s, {last} s"),
        ("encoder alone", f"{encoder['passages_per_second']} passages/s, {encoder['tokens_per_second']:.0f} tokens/s"),
        ("`byline ingest`", f"{ingest['seconds']} s, {ingest['articles_per_second']} articles/s"),
        ("`byline ingest`", f"{ingest['passages_per_second']} passages/s"),
        ("its speed as a share of the encoder's, wall time", share(found["ratio"])),
        ("the same by CPU time", share(found["ratio_cpu"])),
        ("its peak memory", f"{megabytes(ingest['peak_bytes'])} MB"),
        ("a second run", f"{again['seconds']} s, {again['embedded']} embedded"),
        *size_rows(size),
    ]
    return table((set_name(found["set"]), "measured"), rows)


def size_rows(size: dict[str, Any]) -> list[tuple[str, str]]:
    """The rows that say what a library takes on disk."""
    names = ("catalog_vectors", "catalog_texts", "chroma", "tantivy")
    parts = ", ".join(f"{megabytes(size[name])} MB" for name in names)
    return [
        ("library: catalog's vectors, the rest of it, Chroma, Tantivy", parts),
        ("bytes of a passage's vector, in all stores together", f"{size['vector_bytes_a_passage']:,}"),
        ("texts and keyword index, bytes a byte of article text", f"{size['other_bytes_a_text_byte']:.2f}"),
    ]


def _costs(found: dict[str, Any]) -> str:
    head = ("system", "passages", "wall, s", "CPU, s", "tokens encoded", "CPU, µs a token", "times Byline's")
    last = ("text left out", "CPU, µs a token of text covered", "times Byline's", "peak, MB")
    rows = []
    for name, each in found["systems"].items():
        ran = (each["passages"], each["seconds"], each["cpu_seconds"], f"{each['encoded_tokens']:,}")
        encoded, covered = each["cpu_us_a_token_by_byline"], each["cpu_us_a_covered_token_by_byline"]
        left_out = f"{100 * each['left_out']:.2f} %"
        costs = (f"{each['cpu_us_a_token']:.0f}", f"{encoded:.2f}", left_out)
        covering = (f"{each['cpu_us_a_covered_token']:.0f}", f"{covered:.2f}", megabytes(each["peak_bytes"]))
        rows.append((SYSTEMS[name], *ran, *costs, *covering))
    return table((*head, *last), rows)


def _adding(result: dict[str, Any]) -> str:
    head = ("articles, encoder", *(f"{way}, {unit}" for way in ADDING.values() for unit in ("ms", "CPU ms")))
    names = [f"{way}_{unit}" for way in ADDING for unit in ("ms", "cpu_ms")]
    rows = [
        [f"{each['articles']:,}, {each['encoder']}", *[_both(each["adding"][name], ",.0f") for name in names]]
        for each in result["sets"]
    ]
    ratios = result.get("ratios")
    if ratios:
        rows.append(["large / small, stand-in", *[_both(ratios[name], ".2f") for name in names]])
    return table(head, rows)


def _both(found: dict[str, float], form: str) -> str:
    return f"{found['median']:{form}} / {found['mean']:{form}}"


def _second_run(found: dict[str, Any]) -> str:
    changed, touched = (", ".join(found[name]) or "none" for name in ("files_changed", "files_touched"))
    first, last = found["reading_runs_seconds"]
    rows = [
        ("articles, unchanged, embedded", f"{found['articles']:,.0f}, {found['unchanged']:,}, {found['embedded']}"),
        ("`byline ingest`, the whole process", f"{found['run_seconds']} s, {found['run_cpu_seconds']} s CPU"),
        ("reading and parsing alone, before and after", f"{first} s, {last} s"),
        ("the whole process less reading", f"{found['seconds_beyond_reading']} s"),
        ("the same by CPU time", f"{found['cpu_seconds_beyond_reading']} s"),
        ("the ingest inside it less reading", f"{found['ingest_seconds_beyond_reading']} s"),
        (f"files of the library whose bytes changed, of {found['files']}", changed),
        ("files that were written to at all", touched),
    ]
    return table(("second run", "measured"), rows)


def _sizes(sets: Sequence[dict[str, Any]]) -> str:
    sizes = [size_rows(each["size"]) for each in sets]
    names = [f"{each['articles']:,}, {each['encoder']}" for each in sets]
    passages = ["passages", *[f"{each['passages']:,}" for each in sets]]
    rows = [[shown[0][0], *[value for _, value in shown]] for shown in zip(*sizes, strict=True)]
    return table(("articles, encoder", *names), [passages, *rows])


def _own_costs(sets: Sequence[dict[str, Any]]) -> str:
    head = ("passages", "clock p50 / p95, ms", "CPU p50 / p95, ms", "keywords p50 / p95, ms", "vectors p50 / p95, ms")
    last = ("recall@10", "the same question again p50 / p95, ms")
    rows = []
    for each in sets:
        spreads = (each["own"]["ms"], each["own"]["cpu_ms"], each["keywords_ms"], each["vectors_ms"])
        again = _middle_and_most(each["repeat_ms"])
        rows.append([f"{each['passages']:,}", *map(_middle_and_most, spreads), share(each["recall10"]), again])
    first, last_one = sets[0], sets[-1]
    if first is not last_one:
        names = (("own", "ms"), ("own", "cpu_ms"), ("keywords_ms",), ("vectors_ms",))
        grown = [_times(first, last_one, name) for name in names]
        rows.append(["large / small", *grown, "", ""])
    return table((*head, *last), rows)


def _middle_and_most(spread: dict[str, float]) -> str:
    return f"{spread['p50']} / {spread['p95']}"


def _times(small: dict[str, Any], large: dict[str, Any], name: Sequence[str]) -> str:
    for part in name:
        small, large = small[part], large[part]
    return " / ".join(f"{large[each] / small[each]:.2f}" for each in ("p50", "p95"))


def _filters(sets: Sequence[dict[str, Any]]) -> str:
    head = ["filter"]
    for each in sets:
        head += [f"passages of {each['passages']:,}", "times, clock", "times, CPU", "found of the ten best"]
    rows = []
    for lines in zip(*(each["filters"] for each in sets), strict=True):
        row = [lines[0]["filter"]]
        for line in lines:
            found = f"{line['found']} of {line['wanted']}"
            row += [f"{line['passages']:,}", f"{line['ms_ratio']:.2f}", f"{line['cpu_ms_ratio']:.2f}", found]
        rows.append(row)
    return table(head, rows)


def _filled(result: dict[str, Any]) -> str:
    head = ("passages", "of them real", "noise", "nearest neighbour's cosine p10, p50, p90: real", "all")
    last = ("filled in, s", "CPU, s", "`byline serve`, MB", "the reader's part, MB", "load")
    rows = []
    for each in result["sets"]:
        built, near = each["built"], each["neighbours"]
        cosines = [", ".join(map(share, near[name])) for name in ("real", "all")]
        memory = (megabytes(each["serving"]["resident_bytes"]), megabytes(each["reader_bytes"]), each["load"])
        made = (f"{built['noise']:.2f}", *cosines, f"{built['seconds']:,}", f"{built['cpu_seconds']:,}")
        rows.append([f"{each['passages']:,}", f"{result['real']:,}", *made, *memory])
    return table((*head, *last), rows)


def _finding(sets: Sequence[dict[str, Any]]) -> str:
    names = ("ndcg10", "recall5", "recall10", "mrr10", "hit1", "all10")
    head = ("set", "articles", "questions", "nDCG@10", "recall@5", "recall@10", "MRR@10", "hit@1", "all in 10")
    rows = []
    for each in sets:
        found = each["evaluation"]["retrieval"]
        figures = [share(found[name]) for name in names]
        rows.append([set_name(each["set"]), each["articles"], found["questions"], *figures])
        for label, part in each["evaluation"]["by_label"].items():
            rows.append([f"– labelled by {label}", "", part["questions"], share(part["ndcg10"]), *[""] * 5])
    return table(head, rows)


def _answering(sets: Sequence[dict[str, Any]]) -> str:
    names = ("gold_first", "gold_answer", "gold_answer_of_answered")
    head = ("set", "questions", "in first sentence", "in answer", "of the answered", "words", "quotes exact")
    rows = []
    for each in sets:
        found, cited = each["evaluation"]["answers"], each["evaluation"]["citations"]
        quotes = f"{cited['quotes_exact']} of {cited['quotes']}"
        figures = [share(found[name]) for name in names]
        rows.append([set_name(each["set"]), found["questions"], *figures, _rounded(found["words"]), quotes])
    return table(head, rows)


def _refusing(sets: Sequence[dict[str, Any]]) -> str:
    names = ("refused_unanswerable", "refused_answerable", "refused_unanswerable_at_5pct", "auroc")
    head = ("set", "unanswerable refused", "answerable refused", "unanswerable refused at 5 % of answerable", "AUROC")
    found = [(each["set"], each["evaluation"]["refusals"]) for each in sets]
    return table(head, [[set_name(name), *[share(refusals[each]) for each in names]] for name, refusals in found])


def _speed(sets: Sequence[dict[str, Any]]) -> str:
    first = ("set", "passages", "first answer, s", "page, s", "resident, MB")
    last = ("search p50 / p95, ms", "answer p50 / p95, ms", "encoder's share", "load")
    rows = []
    for each in sets:
        start, latency = each["start"], each["evaluation"]["latency_ms"]
        times, answer_times = (f"{latency[f'{what}_p50']} / {latency[f'{what}_p95']}" for what in ("search", "ask"))
        began = (start["first_answer_seconds"], start["page_seconds"], megabytes(start["resident_bytes"]))
        encoder = share(each["encoder_share"]["share"])
        rows.append([set_name(each["set"]), each["passages"], *began, times, answer_times, encoder, each["load"]])
    return table((*first, *last), rows)


def _qualities(sets: Sequence[dict[str, Any]]) -> str:
    names = ("ndcg10", "recall5", "recall10", "mrr10", "hit1", "all10")
    head = ("set", "system", "nDCG@10", "recall@5", "recall@10", "MRR@10", "hit@1", "all in 10")
    return table(head, [[*who, *[share(found[name]) for name in names]] for who, found in _systems(sets)])


def _peer_costs(sets: Sequence[dict[str, Any]]) -> str:
    head = ("set", "system", "passages", "index, s", "passages/s", "on disk, MB")
    last = ("query p50 / p95, ms", "CPU a query, ms", "resident, MB", "peak, MB")
    rows = []
    for who, found in _systems(sets):
        index = (f"{found['passages']:,}", f"{found['index_seconds']:.1f}", f"{found['passages_per_second']:.1f}")
        times = f"{found['query_ms_p50']} / {found['query_ms_p95']}"
        query = (f"{found['index_bytes'] / MEGABYTE:,.1f}", times, f"{found['query_cpu_ms']:.1f}")
        rows.append([*who, *index, *query, megabytes(found["resident_bytes"]), megabytes(found["peak_bytes"])])
    return table((*head, *last), rows)


def _systems(sets: Sequence[dict[str, Any]]) -> Iterator[tuple[tuple[str, str], dict[str, Any]]]:
    """Each system on each set, by their public names, with its figures."""
    for each in sets:
        for name, found in each["systems"].items():
            yield (set_name(each["set"]), SYSTEMS[name]), found


def _leads(result: dict[str, Any]) -> str:
    """A row a peer; over all sets together first, if there are several."""
    parts = [(set_name(each["set"]), each["questions"], each["byline_minus"]) for each in result["sets"]]
    own = "its nDCG@10"
    if len(parts) > 1:
        parts.insert(0, ("all questions", sum(count for _, count, _ in parts), result["pooled_byline_minus"]))
        own = "its nDCG@10, pooled"
    head = ("peer", own, *(f"{name} ({count:,})" for name, count, _ in parts))
    pooled = result["pooled_ndcg10"]
    first = ("Byline itself", share(pooled["byline"]), *[""] * len(parts))
    leads = {name: [_lead(found[name]) for _, _, found in parts] for name in parts[0][2]}
    return table(head, [first, *((SYSTEMS[name], share(pooled[name]), *each) for name, each in leads.items())])


def _lead(found: dict[str, float]) -> str:
    return f"{found['mean']:+.3f} ({found['low']:+.3f} to {found['high']:+.3f})"


def _rounded(value: float | None) -> str:
    return "–" if value is None else f"{value:.0f}"
