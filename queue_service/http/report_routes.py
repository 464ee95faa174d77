"""The routes of reports and of a branch's own regimes."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import Annotated, Final

from msgspec import Meta

from queue_service.http import branch_regimes, overview, reports
from queue_service.http.askers import MANAGERS, READERS
from queue_service.http.call import DATE, Call, Reply, Route, date_parameter
from queue_service.http.exports import CSV, XLSX
from queue_service.http.ticket_routes import BRANCH
from schemas import wire_plan, wire_reports

PERIOD: Final = (
    date_parameter("from", "first business date; `until` without it, else today"),
    date_parameter("until", f"last business date, {reports.LONGEST_PERIOD} days in all at most"),
)
CsvFile = Annotated[str, Meta(description="UTF-8 with a byte order mark, commas")]
XlsxFile = Annotated[str, Meta(extra_json_schema={"format": "binary"})]


Handler = Callable[[Call], Awaitable[Reply]]


def _report(
    name: str, path: str, summary: str, handler: Handler, answer: object, draw: reports.Draw
) -> tuple[Route, ...]:
    """A report as JSON, as CSV and as XLSX."""

    def route(end: str, media: str, handled: Handler, kind: object) -> Route:
        return Route(
            method="GET",
            path=f"{BRANCH}/{path}{end and '.'}{end}",
            handler=handled,
            name=f"{name}{end and '_'}{end}",
            summary=f"{summary}{end and f', as {end.upper()}'}",
            roles=READERS,
            query=PERIOD,
            answers={200: kind},
            media=media,
            tag="reports",
        )

    return (
        route("", "", handler, answer),
        route("csv", CSV, reports.file(CSV, draw), CsvFile),
        route("xlsx", XLSX, reports.file(XLSX, draw), XlsxFile),
    )


REPORTS: Final = (
    Route(
        method="GET",
        path=f"{BRANCH}/overview",
        handler=overview.see,
        name="see_overview",
        summary="The branch now: alarms, counters, pauses, waits, today by hour",
        roles=READERS,
        answers={200: wire_reports.Overview},
        tag="reports",
    ),
    Route(
        method="GET",
        path=f"{BRANCH}/usual-day",
        handler=reports.usual_day,
        name="see_usual_day",
        summary="The mean of the same weekday of the last weeks by hour",
        roles=READERS,
        query=(DATE,),
        answers={200: wire_reports.UsualDay},
        tag="reports",
    ),
    *_report(
        "see_figures",
        "figures",
        "Figures of a period by service, counter, hour and date",
        reports.figures,
        wire_reports.PeriodFigures,
        reports.figures_sheets,
    ),
    *_report(
        "see_audit",
        "audit",
        "Who did what when",
        reports.audit,
        wire_reports.Audit,
        reports.audit_sheets,
    ),
    *_report(
        "see_sanitation_log",
        "sanitation-log",
        "Every sanitation of the hall",
        reports.sanitation,
        wire_reports.SanitationLog,
        reports.sanitation_sheets,
    ),
)

BRANCH_REGIMES: Final = (
    Route(
        method="GET",
        path=f"{BRANCH}/regimes",
        handler=branch_regimes.see,
        name="list_branch_regimes",
        summary="The regimes in force at a branch, and those whose rules it may put in force",
        roles=READERS,
        answers={200: wire_reports.BranchRegimes},
        tag="plan",
    ),
    Route(
        method="POST",
        path=f"{BRANCH}/regimes",
        handler=branch_regimes.declare,
        name="declare_branch_regime",
        summary="Put the rules of a regime in force over the branch, from now on",
        roles=MANAGERS,
        body=wire_reports.BranchRegime,
        answers={201: wire_reports.RegimeHere},
        problems=("unknown_regime", "regime_exists", "plan_contradicts"),
        tag="plan",
    ),
    Route(
        method="POST",
        path=f"{BRANCH}/regimes/preview",
        handler=branch_regimes.preview,
        name="preview_branch_regime",
        summary="What it would do, to the plan and to tickets already issued",
        roles=MANAGERS,
        body=wire_reports.BranchRegime,
        answers={200: wire_plan.PlanPreview},
        problems=("unknown_regime", "plan_contradicts"),
        repeatable=False,
        tag="plan",
    ),
    Route(
        method="POST",
        path=f"{BRANCH}/regimes/{{regime}}/end",
        handler=branch_regimes.end,
        name="end_branch_regime",
        summary="End a regime that the branch has put in force itself",
        roles=MANAGERS,
        body=wire_reports.EndBranchRegime,
        answers={200: wire_reports.RegimeHere},
        problems=("unknown_regime", "regime_over"),
        tag="plan",
    ),
)
