import VitalsCore
import VitalsEngine

/// What became of a question of one's own, as `vitals check` shows it.
extension OwnAnswer {
    /// `{"name","took_ms","rows","reason"}`: how many rows, or why there are none to judge.
    var json: JSON {
        let (rows, reason) = told
        return [
            "name": .string(name), "took_ms": JSON(milliseconds: took),
            "rows": rows.map { .integer(Int64($0)) } ?? .null, "reason": JSON(reason),
        ]
    }

    /// For people; nothing: it was answered.
    var complaint: String? {
        told.reason.map { "not answered: \(name), after \(CheckFigures.exact(took)) ms: \($0)" }
    }

    private var told: (rows: Int?, reason: String?) {
        switch content {
        case .rows(let rows): (rows.count, nil)
        case .refused(let reason), .missing(let reason): (nil, reason)
        }
    }
}
