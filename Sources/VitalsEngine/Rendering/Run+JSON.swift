package import VitalsCore

extension Run {
    /// As in the API: `at` is when the probe really started.
    package var json: JSON {
        let fault = result.fault
        return [
            "at": JSON(startedAt),
            "slot": JSON(slot),
            "location": .string(location),
            "trigger": .string(trigger.rawValue),
            "outcome": .string(outcome.rawValue),
            "cause": JSON(fault?.cause.rawValue),
            "phase": JSON(fault?.phase.rawValue),
            "code": JSON(fault?.code),
            "message": JSON(fault?.message),
            "latency_ms": JSON(milliseconds: result.latency),
            "phases_ms": result.phasesJSON,
            "conditions": result.conditionsJSON,
            "findings": .array(result.everyFinding(of: outcome).map(\.json)),
        ]
    }
}

extension ProbeResult {
    /// `{"resolve":0.11,"connect":0.3}`, in the order of the phases.
    package var phasesJSON: JSON {
        JSON(members: phases.map { ($0.phase.rawValue, JSON(milliseconds: $0.duration)) })
    }

    /// `[{"condition","level","verdict","seen","error"}]`; empty where none was evaluated.
    package var conditionsJSON: JSON {
        .array(conditions.map(\.json))
    }
}

extension ConditionResult {
    fileprivate var json: JSON {
        var matter: String?
        if case .error(let message) = verdict { matter = message }
        return [
            "condition": .string(condition), "level": .string(level.rawValue),
            "verdict": .string(verdict.name), "seen": .string(seen), "error": JSON(matter),
        ]
    }
}

extension Vital {
    /// `{"name","value","unit","state","warn","critical","minimum","maximum","reason","detail"}`
    package var json: JSON {
        [
            "name": .string(name),
            "value": value.map { .number($0) } ?? .null,
            "unit": .string(unit),
            "state": JSON(state?.rawValue),
            "warn": JSON(warn),
            "critical": JSON(critical),
            "minimum": minimum.map { .number($0) } ?? .null,
            "maximum": maximum.map { .number($0) } ?? .null,
            "reason": JSON(reason),
            "detail": JSON(detail),
        ]
    }
}

extension Miss {
    /// `{"missed":{"from","to","count","reason"}}`
    package var json: JSON {
        [
            "missed": [
                "from": JSON(from),
                "to": JSON(to),
                "count": .integer(Int64(count)),
                "reason": .string(reason.rawValue),
            ]
        ]
    }
}

extension HistoryItem {
    package var json: JSON {
        switch self {
        case .run(let run): run.json
        case .miss(let miss): miss.json
        }
    }
}

extension Facts {
    /// By their names, in the order in which they were learned.
    package var json: JSON {
        JSON(
            members: entries.map { entry in
                switch entry.value {
                case .text(let text): (entry.name.rawValue, .string(text))
                case .number(let number): (entry.name.rawValue, .integer(Int64(number)))
                case .list(let items): (entry.name.rawValue, .array(items.map { .string($0) }))
                }
            })
    }
}

extension Delivery {
    package var json: JSON {
        [
            "id": .integer(id),
            "notification": .string(notification.text),
            "episode": JSON(episode?.text),
            "type": .string(kind.rawValue),
            "health_check": JSON(healthCheck?.text),
            "channel": .string(channel.text),
            "attempt": .integer(Int64(attempt)),
            "at": JSON(at),
            "status": .string(status.rawValue),
            "http_status": httpStatus.map { .integer(Int64($0)) } ?? .null,
            "error": JSON(error),
            "next_attempt_at": JSON(nextAttemptAt),
        ]
    }
}

extension Finding {
    /// `{"cause","severity","message"}`
    package var json: JSON {
        [
            "cause": .string(cause.rawValue), "severity": .string(severity.rawValue),
            "message": .string(message),
        ]
    }
}

extension KnownVitals.Entry {
    /// That of the vital, and `measured_at`: when it last had a value.
    package var json: JSON { vital.json.with([("measured_at", JSON(measuredAt))]) }
}
