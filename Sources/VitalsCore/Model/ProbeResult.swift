/// What went wrong in a run, and where.
package struct Fault: Sendable, Equatable {
    package let cause: Cause
    package let phase: Phase
    /// The vendor's own code (SQLSTATE, errno's name, ...), if it gave one.
    package let code: String?
    /// For people; already scrubbed of every secret, and at most 1 KiB.
    package let message: String

    package init(_ cause: Cause, in phase: Phase, code: String? = nil, message: String) {
        self.cause = cause
        self.phase = phase
        self.code = code
        self.message = message
    }
}

/// How long one phase took.
package struct PhaseTiming: Sendable, Equatable {
    package let phase: Phase
    package let duration: Duration

    package init(_ phase: Phase, _ duration: Duration) {
        self.phase = phase
        self.duration = duration
    }
}

/// What a probe returns: once, and always one of these; a refused connection is a value, not an error.
package struct ProbeResult: Sendable, Equatable {
    /// Nothing for a pass.
    package var fault: Fault?
    /// From the probe's start to its verdict; the polite close is not part of it.
    package var latency: Duration
    /// The phases gone through, in their order, the one that failed included.
    package var phases: [PhaseTiming]
    package var facts: Facts
    /// What was measured, each name at most once; at most 64.
    package var vitals: [Vital]
    /// What else is wrong, beside the fault.
    package var findings: [Finding]
    /// What a person would want to see of a failure beyond its message (the trace, the start of a reply);
    /// scrubbed, at most 2 KiB; empty when there is nothing.
    package var trace: String
    /// What became of each condition, those that must hold first; empty where none was evaluated.
    package var conditions: [ConditionResult]
    /// What the questions of the check's author were answered; dropped once they are judged.
    package var answers: [OwnAnswer] = []
    /// What conditions are to be judged on; dropped once they are.
    package var observation: Observation? {
        get { kept?.parts.observation }
        set { kept = Kept(newValue, retryAfter) }
    }
    /// How long the target wants to be left alone, where it is `rate_limited`; nothing: it did not say. Not
    /// stored: whoever starts anew asks once more.
    package var retryAfter: Duration? {
        get { kept?.parts.retryAfter }
        set { kept = Kept(observation, newValue) }
    }

    /// Elsewhere than in the result itself: tens of thousands of results may wait, and none of them has any.
    private indirect enum Kept: Equatable {
        case parts(Observation?, retryAfter: Duration?)

        /// Nothing where there is nothing to keep.
        init?(_ observation: Observation?, _ retryAfter: Duration?) {
            guard observation != nil || retryAfter != nil else { return nil }
            self = .parts(observation, retryAfter: retryAfter)
        }

        var parts: (observation: Observation?, retryAfter: Duration?) {
            switch self {
            case .parts(let observation, let retryAfter): (observation, retryAfter)
            }
        }
    }
    private var kept: Kept?

    package init(
        fault: Fault? = nil, latency: Duration, phases: [PhaseTiming] = [], facts: Facts = Facts(),
        vitals: [Vital] = [], findings: [Finding] = [], trace: String = "",
        conditions: [ConditionResult] = [],
        observation: Observation? = nil
    ) {
        self.fault = fault
        self.latency = latency
        self.phases = phases
        self.facts = facts
        self.vitals = vitals
        self.findings = findings
        self.trace = trace
        self.conditions = conditions
        self.observation = observation
    }

    /// Those of the conditions that are worth keeping: all, if one of them did not hold.
    package var conditionsToKeep: [ConditionResult] {
        conditions.allSatisfy { $0.verdict == .holds } ? [] : conditions
    }
}
