import VitalsCore
import VitalsTesting

@testable import VitalsEngine

/// What a node does about runs that found no way to their targets.
extension Simulator {
    /// The probe has ended.
    mutating func end(_ flight: SimulatedNode.Flight, _ result: ProbeResult) throws(Interruption) {
        let now = now()
        guard node.connectivity != nil, isInDoubt(flight, result, at: now) else {
            let run = RunKey(flight.healthCheck.id, flight.job.at)
            let causes: [Cause] = [.refused, .unreachable, .dnsFailure, .timeout]
            if node.connectivity != nil, let fault = result.fault, fault.phase.order <= Phase.connect.order,
                causes.contains(fault.cause)
            {
                auditor.believed(run, endedAt: boot, cutSince: network.cutSince)
            }
            return try handOver(flight, result, timedOut: result.fault?.cause == .timeout)
        }
        let reply = node.connectivity?.consult(at: now)
        trace.note(.doubted, node.places[flight.job.index], flight.job.at.microseconds, at: boot)
        node.inDoubt.append((flight, result, boot))
        switch reply {
        case .known(let isCutOff): try settle(isCutOff)
        case .waits: break
        case nil: break
        case .ask(let question):
            auditor.asked(question, isCutOff: network.cutSince != nil)
            for point in network.ask(scenario.referencePoints, using: &generator) {
                node.answers.append(
                    SimulatedNode.Answer(
                        endsAt: boot + point.after.microseconds, question: question,
                        isReached: point.isReached))
            }
        }
    }

    private mutating func isInDoubt(
        _ flight: SimulatedNode.Flight, _ result: ProbeResult, at now: Timestamp
    ) -> Bool {
        // It may be called otherwise by now.
        let healthCheck = node.healthChecks[flight.job.index]
        let belief = node.ledger.beliefs[healthCheck.id] ?? Belief()
        return Connectivity.isInDoubt(
            result, belief.evaluation, lastRun: belief.lastRun, previous: node.lastEnded[flight.job.index],
            healthCheck.policy, at: now)
    }

    /// A reference point was reached, or not.
    mutating func hearReferencePoint() throws(Interruption) {
        guard let place = node.answers.indices.min(by: { node.answers[$0].endsAt < node.answers[$1].endsAt })
        else { return }
        let answer = node.answers.remove(at: place)
        let now = now()
        let isCutOff = node.connectivity?.heard(answer.question, isReached: answer.isReached, at: now)
        guard let isCutOff else { return }
        try auditor.answered(answer.question, isCutOff: isCutOff, at: boot)
        try settle(isCutOff)
    }

    private mutating func settle(_ isCutOff: Bool) throws(Interruption) {
        let settled = node.inDoubt
        node.inDoubt = []
        for (flight, result, endedAt) in settled {
            let final = isCutOff ? result.asCutOff : result
            let run = RunKey(flight.healthCheck.id, flight.job.at)
            try auditor.settled(
                run, isCutOff: isCutOff, endedAt: endedAt, cutSince: network.cutSince, at: boot)
            try handOver(flight, final, timedOut: result.fault?.cause == .timeout)
        }
    }

    /// The node stops, and the answers are waited for no more.
    mutating func settleUnanswered() throws(Interruption) {
        let left = node.inDoubt
        node.inDoubt = []
        for (flight, result, _) in left { try handOver(flight, result.asCutShort, timedOut: false) }
    }
}
