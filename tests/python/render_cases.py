"""A call of every public macro, what it must make on each engine, and a call that must fail."""

from __future__ import annotations

from dataclasses import dataclass, field

TABLE = "{% set table = dms_lake._registry_entry(graph.sources['source.dms_lake.shop.product']) %}"

RUNS = "{% set runs = dms_lake._ledger('runs') %}"


@dataclass(frozen=True)
class Case:
    """A call of a public macro inside SQL, words that its text must hold, and a call that must fail.

    Args:
        sql: the text to render.
        words: what the result holds on every engine.
        on: what it holds on one engine; an engine that is None refuses.
        wrong: a call that must not compile.
        says: what its error says.
    """

    sql: str
    words: tuple[str, ...] = ()
    on: dict[str, str | None] = field(default_factory=dict)
    wrong: str = ""
    says: str = ""


def word(name: str, sql: str, arguments: str, **on: str | None) -> Case:
    """A word of macros/dialect: its error is that of an engine for which nobody wrote it."""
    return Case(
        sql,
        on=dict(on),
        wrong=f"{TABLE}{{{{ dms_lake.default__{name}({arguments}) }}}}",
        says=f"dms_lake.{name}: not written for the adapter `duckdb`;",
    )


def room(name: str, *words: str) -> Case:
    """A room's macro, over the source of a shipped table."""
    relation = "source('shop', 'product')" if name == "changes" else f"ref('{REFS[name]}')"
    return Case(
        f"{{{{ dms_lake.{name}({relation}) }}}}",
        words,
        wrong=f"{{{{ dms_lake.{name}('nowhere') }}}}",
        says=f"dms_lake.{name}: `relation` must lead to exactly one registered source table, `nowhere`",
    )


def operation(name: str) -> Case:
    """What operators call: nothing is sent while compiling, and a table that is not registered is refused."""
    return Case(
        f"select '{{{{ dms_lake.{name} is defined }}}}' as is_there",
        ("'True'",),
        wrong=f"{{{{ dms_lake.{name}('shop.nowhere') }}}}",
        says=f"dms_lake.{name}: no registered table `shop.nowhere`; the registry has",
    )


REFS = {
    "rejected": "chg_shop__product",
    "latest": "chg_shop__product",
    "current": "lat_shop__product",
    "history": "chg_shop__product",
}
LATER = (
    "select 1 as one from held as a cross join later as b where {{ dms_lake.is_later('b', 'a') }}"
)
WRONG_ALIAS = "dms_lake.order_parts: `alias` is `None`; it must be the name of a relation"
CSV_FIRST = {"duckdb": "read_csv(", "athena": '"raw_shop"', "redshift": '"raw_shop"'}

CASES = {
    "changes": Case(
        **{**room("changes", "_cdc_operation", "_cdc_reject_reason").__dict__, "on": CSV_FIRST}
    ),
    "rejected": room("rejected", "_cdc_reject_reason is not null", "_cdc_raw_text"),
    "latest": room("latest", "row_number() over", "_cdc_is_deleted", "nulls last"),
    "current": room("current", "where not _cdc_is_deleted"),
    "history": room("history", "_cdc_valid_from", "_cdc_valid_to"),
    "as_of": Case(
        "select * from {{ dms_lake.as_of(ref('hst_shop__product'), 'current_timestamp') }} as h",
        ("history._cdc_valid_from <= current_timestamp",),
        wrong="{{ dms_lake.as_of('h', none) }}",
        says="dms_lake.held_at: `moment` is `None`; it must be a text, an expression that yields",
    ),
    "held_at": Case(
        "select 1 as one from h where {{ dms_lake.held_at('h', 'current_timestamp') }}",
        ("not h._cdc_is_deleted", "h._cdc_valid_to > current_timestamp"),
        wrong="{{ dms_lake.held_at(none, 'now') }}",
        says="dms_lake.held_at: `alias` is `None`; it must be a text, the name under which a history",
    ),
    "held_on": Case(
        "select 1 as one from h where {{ dms_lake.held_on('h', 'd') }}",
        ("not h._cdc_is_deleted", "cast(h._cdc_valid_from as date) <= d"),
        wrong="{{ dms_lake.held_on('h', ' ') }}",
        says="dms_lake.held_on: `day` is ` `; it must be a text, an expression that yields a date",
    ),
    "is_later": Case(
        LATER,
        ("coalesce(b._cdc_change_seq, '')", "coalesce(a._cdc_change_seq, '')", ">"),
        wrong="{{ dms_lake.is_later(none, 'a') }}",
        says=WRONG_ALIAS,
    ),
    "order_by": Case(
        "select 1 as one from changes as a order by {{ dms_lake.order_by('a') }}",
        ("coalesce(a._cdc_generation, 0) desc nulls last,", "coalesce(a._cdc_file_path, '') desc"),
        wrong="{{ dms_lake.order_by(none) }}",
        says=WRONG_ALIAS,
    ),
    "order_parts": Case(
        "select {{ dms_lake.order_parts('a') | join(', ') }} from changes as a",
        ("case when a._cdc_operation = 'load' then 0 else 1 end",),
        wrong="{{ dms_lake.order_parts(none) }}",
        says=WRONG_ALIAS,
    ),
    "columns_in_files": word(
        "columns_in_files",
        TABLE + "{{ dms_lake.columns_in_files(table, ['a/LOAD00000001.csv']) }}",
        "table, []",
        duckdb="read_csv('a/LOAD00000001.csv'",
        athena=None,
        redshift=None,
    ),
    # Its place on S3 is made from an open connection, so test_athena_write.py renders it for Athena.
    "create_table": word(
        "create_table",
        "{% if target.type == 'duckdb' %}{{ dms_lake.create_table('fresh', 'select 1 as one') }}"
        "{% else %}select 1 as one{% endif %}",
        "none, '', none",
        duckdb="create table if not exists fresh",
    ),
    "text_rows": word(
        "text_rows",
        TABLE + "with {{ dms_lake.text_rows('raw_files', table) }} select * from \"raw\"",
        "'raw_files', table",
        duckdb="read_csv(",
        athena="select * from raw_files",
        redshift="select * from raw_files",
    ),
    "digits_of": word(
        "digits_of",
        "select {{ dms_lake.digits_of('path') }} as digits",
        "'path'",
        duckdb="regexp_replace(path, '[^0-9]', '', 'g')",
        athena="regexp_replace(path, '[^0-9]', '')",
        redshift="regexp_replace(path, '[^0-9]', '')",
    ),
    "moment_of_hour": word(
        "moment_of_hour",
        "select {{ dms_lake.moment_of_hour('hour') }} as moment",
        "'hour'",
        duckdb="strptime(hour",
        athena="date_parse(hour",
        redshift="to_timestamp(hour",
    ),
    "data_type": word(
        "data_type",
        "select cast(a as {{ dms_lake.data_type('timestamp') }}) as b,"
        " cast(a as {{ dms_lake.data_type('binary') }}) as c from t",
        "'date'",
        duckdb="cast(a as timestamp(6)) as b, cast(a as blob) as c",
        athena="cast(a as timestamp(6)) as b, cast(a as varbinary) as c",
        redshift="cast(a as timestamp) as b, cast(a as varbyte(64000)) as c",
    ),
    "error_cures": word(
        "error_cures",
        "select {{ dms_lake.error_cures() | length > 5 }} as has_cures",
        "",
        duckdb="select True",
        athena="select False",
        redshift="select False",
    ),
    "file_stamp": word(
        "file_stamp",
        "select {{ dms_lake.file_stamp('path') }} as stamp from t",
        "'path'",
        duckdb="regexp_extract(path, '([0-9]{8}-[0-9]{9,10}|LOAD[0-9A-F]{8})[^/]*$', 1)",
        athena="regexp_extract(path, '([0-9]{8}-[0-9]{9,10}|LOAD[0-9A-F]{8})[^/]*$', 1)",
        redshift="regexp_substr(path, '([0-9]{8}-[0-9]{9,10}|LOAD[0-9A-F]{8})[^/]*$', 1, 1, 'e')",
    ),
    "json_quoted": word(
        "json_quoted",
        "select {{ dms_lake.json_quoted('a') }} as b from t",
        "'a'",
        duckdb="to_json(a)",
        athena="json_format(cast(a as json))",
        redshift="json_serialize(json_parse(",
    ),
    "map_of": word(
        "map_of",
        "select {{ dms_lake.map_of('a', 'b') }} as c from t",
        "'a', 'b'",
        duckdb="map(list(a order by a), list(b order by a))",
        athena="map(array_agg(a order by a), array_agg(b order by a))",
        redshift="within group (order by a)",
    ),
    "list_files": word(
        "list_files",
        "{{ dms_lake.list_files(['a/b', 'c/{snapshot}']) }}",
        "['a']",
        duckdb="from read_blob([ 'a/b/**', 'c/*/**' ])",
        athena=None,
        redshift=None,
    ),
    "has_peers": word(
        "has_peers",
        "select {{ dms_lake.has_peers('a', ['b', 'c'], 'last_first') }} as is_undecided from t as a",
        "'a', ['b'], 'last_first'",
        duckdb="count(*) over ( partition by b, c order by coalesce(a._cdc_generation, 0) desc nulls last,",
        athena="coalesce( lead(coalesce(a._cdc_generation, 0)) over last_first = coalesce(a._cdc_generation, 0) and lead(",
        redshift="count(*) over ( partition by b, c order by",
    ),
    "rising_keys": word(
        "rising_keys",
        "{{ dms_lake.rising_keys(['a', 'b'], 'rows_read') or 'select c as asks_nothing' }}",
        "['a'], 'rows_read'",
        duckdb="select row(a, b) as key",
        athena="asks_nothing",
        redshift="asks_nothing",
    ),
    "repeated_key": word(
        "repeated_key",
        "{{ dms_lake.repeated_key(['a', 'b'], 'b', 'rows_read') }}",
        "['a'], none, 'rows_read'",
        duckdb="group by a, b >> 6 having count(*) > bit_count(",
        athena="group by a, bitwise_right_shift_arithmetic(cast(b as bigint), 6) having count(*) > bit_count(",
        redshift="group by a, b having count(*) > 1",
    ),
    "parquet_rows": word(
        "parquet_rows",
        TABLE.replace("shop.product", "retail.retail_transactions")
        + "{% do table.update({'landing': 'in_place'}) %}{{ dms_lake.parquet_rows('raw_files', table) }}",
        "'raw_files', table",
        duckdb="read_parquet(",
        athena='"$path" as _raw_file_path',
        redshift='"$path" as _raw_file_path',
    ),
    # Only a matter of what is opened: no engine must have it, and none refuses.
    "read_only": Case("select 1 as one{{ dms_lake.read_only(none, []) if false }}", ("select 1",)),
    "by_distinct_value": word(
        "by_distinct_value",
        "select {{ 'early' if dms_lake.by_distinct_value() else 'late' }} as parsed",
        "",
        duckdb="late",
        athena="early",
        redshift="late",
    ),
    "row_hash": word(
        "row_hash",
        "select {{ dms_lake.row_hash(['a', 'b']) }} as h from t",
        "['a']",
        duckdb="md5(concat_ws(chr(31), coalesce(a,",
        athena="lower(to_hex(md5(to_utf8(concat_ws(chr(31),",
        redshift="md5(coalesce(a, chr(30)) || chr(31) ||",
    ),
    "value_text": word(
        "value_text",
        "select {{ dms_lake.value_text('binary', 'a') }} as b, {{ dms_lake.value_text('date', 'c') }} as d from t",
        "'date', 'a'",
        duckdb="select hex(a) as b, cast(c as varchar) as d",
        athena="select to_hex(a) as b, cast(c as varchar) as d",
        redshift="select upper(to_hex(a)) as b, cast(c as varchar) as d",
    ),
    "text_to": word(
        "text_to",
        "select {{ dms_lake.text_to('bigint', 'a') }} as b, {{ dms_lake.text_to('timestamp', 'c') }} as d from t",
        "'date', 'a'",
        duckdb="try_cast(a as bigint)",
        athena="try_cast(replace(replace(c, 'T', ' '), 'Z', '') as timestamp(6))",
        redshift="try_cast(a as bigint)",
    ),
    "keyed_hash": word(
        "keyed_hash",
        "select {{ dms_lake.keyed_hash('a') }} as h from t",
        "'a'",
        duckdb="getvariable('dms_lake_mask_key')",
        athena="lower(to_hex(hmac_sha256(to_utf8(a), to_utf8((select substr('', 1 / case",
        redshift=None,
    ),
    # Nothing is sent while compiling: the key comes with the write.
    "take_mask_key": word(
        "take_mask_key",
        TABLE + "select 1 as one{{ dms_lake.take_mask_key(table, false) }}",
        "table, true",
        duckdb="select 1 as one",
        athena="select 1 as one",
        redshift="select 1 as one",
    ),
    "last_given": word(
        "last_given",
        "select {{ dms_lake.last_given('a', 'b', 'order by c nulls first') }} as d from e",
        "'a', 'b', 'c'",
        duckdb="{'given': a} end ignore nulls) over (order by c nulls first).given",
        athena="row(a) end) ignore nulls over (order by c nulls first))[1]",
        redshift=None,
    ),
    "next_given": word(
        "next_given",
        "select {{ dms_lake.next_given('a', 'b', 'order by c nulls first') }} as d from e",
        "'a', 'b', 'c'",
        duckdb="lead(case when b then a end ignore nulls) over (order by c nulls first)",
        athena="lead(case when b then a end) ignore nulls over (order by c nulls first)",
        redshift="lead(case when b then a end) ignore nulls over (order by c nulls first)",
    ),
    "json_text": word(
        "json_text",
        "select {{ dms_lake.json_text('a', 'due on') }} as b from c",
        "'a', 'b'",
        duckdb="json_extract_string(a, '$.\"due on\"')",
        athena="json_extract_scalar(a, '$[\"due on\"]')",
        redshift="json_extract_path_text(a, 'due on', true)",
    ),
    "unreadable_records": word(
        "unreadable_records",
        TABLE + "select {{ dms_lake.unreadable_records(table, []) | length }} as records",
        "table, []",
        duckdb="select 0 as records",
        athena=None,
        redshift=None,
    ),
    "table_health": word(
        "table_health",
        RUNS + "{{ dms_lake.table_health([{'name': 'runs', 'relation': runs, 'hours': 24}]) }}",
        "[]",
        duckdb=None,
        athena='count(*) from "awsdatacatalog"."lake"."dms_lake_runs$files" where content != 0',
        redshift=None,
    ),
    # Words that are no queries, and beyond the grammar of sqlfluff: seen as texts.
    "compact": word(
        "compact",
        RUNS + "select '{{ dms_lake.compact(runs) }}' as said",
        "none",
        duckdb=None,
        athena="optimize awsdatacatalog.lake.dms_lake_runs rewrite data using bin_pack",
        redshift=None,
    ),
    "expire": word(
        "expire",
        RUNS + "select '{{ dms_lake.expire(runs) }}' as said",
        "none",
        duckdb=None,
        athena="vacuum awsdatacatalog.lake.dms_lake_runs",
        redshift=None,
    ),
    "keep_snapshots": word(
        "keep_snapshots",
        RUNS + "{{ dms_lake.keep_snapshots(runs, 24) }}",
        "none, 24",
        duckdb=None,
        athena="('vacuum_max_snapshot_age_seconds' = '86400')",
        redshift=None,
    ),
    "byte_length": word(
        "byte_length",
        "select {{ dms_lake.byte_length('a') }} as b, {{ dms_lake.byte_length('c', true) }} as d",
        "'a'",
        duckdb="strlen(a) as b, octet_length(c) as d",
        athena="length(to_utf8(a)) as b, length(c) as d",
        redshift="octet_length(a) as b, octet_length(c) as d",
    ),
    "served": Case(
        "{{ dms_lake.served(ref('cur_shop__product')) }}",
        ('."dms_lake_external"."lat_shop__product"', "where not _cdc_is_deleted"),
        wrong="{{ dms_lake.served('nowhere') }}",
        says="dms_lake.served: `relation` is `nowhere`; it must be the `ref(...)` of a model that Athena builds",
    ),
    "external_schema": Case(
        "select '{{ dms_lake.external_schema is defined }}' as is_there",
        ("'True'",),
        wrong="{{ dms_lake.external_schema('dms_lake') }}",
        says="dms_lake.external_schema: the target `duckdb` is of type duckdb; an external schema is Redshift's.",
    ),
    "maintain": Case(
        "select '{{ dms_lake.maintain is defined }}' as is_there",
        ("'True'",),
        wrong="{{ dms_lake.maintain() }}",
        says="dms_lake.maintain: the target `duckdb` is of type duckdb; only Iceberg tables on Athena",
    ),
    "accept_truncate": operation("accept_truncate"),
    "complete_load": operation("complete_load"),
    "forget_vanished": operation("forget_vanished"),
    "read_again": operation("read_again"),
    # Hooks of a run: nothing to be seen while compiling, and no argument of the user's to be wrong.
    "prepare_ledger": Case("select 1 as one{{ dms_lake.prepare_ledger() }}", ("select 1",)),
    "explain_failures": Case("select 1 as one{{ dms_lake.explain_failures([]) }}", ("select 1",)),
}

# No argument of the user's can be wrong: hooks of a run, and a word that no engine must have.
NO_ERROR = {"prepare_ledger", "explain_failures", "read_only"}
