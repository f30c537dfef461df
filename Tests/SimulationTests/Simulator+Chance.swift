import VitalsCore
import VitalsTesting

@testable import VitalsEngine

/// Whatever chance brings.
extension Simulator {
    mutating func happen() throws(Interruption) {
        guard boot < eventfulUntil else { return calmDown() }
        // The calm begins in time, however long the pause.
        nextEventAt = min(boot + generator.microseconds(around: scenario.pause), eventfulUntil)
        isTroubled.toggle()
        if scenario.isMending, !isTroubled { return mend() }
        switch generator.below(36) {
        case 0..<14: changeTarget()
        case 14..<18: changeReceiver()
        case 18..<21: changeStore()
        case 21: freeze()
        case 22, 23: stepClock()
        case 24: throw .crash
        case 25..<28: effectsLeft = 1 + generator.below(60)
        case 28: stop()
        case 29: prune()
        case 30, 31: changeNetwork()
        case 32, 33: try change()
        default: try ask()
        }
    }

    private mutating func changeTarget() {
        let place = generator.below(targets.count)
        targets[place].behaviour =
            generator.oneIn(3) ? .passes : generator.pick(Target.Behaviour.allCases)
        trace.note(.behaves, place, Int64(place), at: boot)
    }

    private mutating func changeReceiver() {
        let channel = generator.below(Scenario.channelIDs.count)
        let behaviour = generator.oneIn(2) ? .takes : generator.pick(Receiver.Behaviour.allCases)
        receivers[Scenario.channelIDs[channel], default: Receiver()].behaviour = behaviour
        trace.note(.channelBehaves, channel, 0, at: boot)
    }

    private mutating func changeStore() {
        store.behaviour = generator.oneIn(2) ? .works : generator.pick(FaultyTables.Behaviour.allCases)
        trace.note(.storeBehaves, -1, 0, at: boot)
    }

    private mutating func changeNetwork() {
        if network.cutSince == nil { network.cut(at: boot) } else { network.mend() }
        trace.note(.networkBehaves, -1, network.cutSince ?? 0, at: boot)
    }

    /// Nothing of the machine runs for a while.
    private mutating func freeze() {
        let length = generator.microseconds(around: .seconds(60))
        trace.note(.froze, -1, length, at: boot)
        boot += length
        auditor.froze(at: boot)
    }

    private mutating func stepClock() {
        let length = Duration.microseconds(generator.microseconds(around: .seconds(600)))
        let step = generator.oneIn(2) ? length : .zero - length
        trace.note(.stepped, -1, step.microseconds, at: boot)
        wallAtBoot = wallAtBoot + step
        auditor.stepped()
        // The timer sleeps a second at most, and so sees it.
        node.looksAt = min(node.looksAt, boot + Int64(generator.below(1_000_000)))
    }

    private mutating func prune() {
        guard store.behaviour == .works else { return }
        prunedAt = now()
        trace.note(.pruned, -1, prunedAt.microseconds, at: boot)
        store.prune(before: prunedAt - scenario.retention)
    }

    /// Somebody wants a run now.
    mutating func ask() throws(Interruption) {
        guard !node.isStopping, !scenario.healthChecks.isEmpty else { return }
        let id = scenario.healthChecks[generator.below(scenario.healthChecks.count)].id
        guard let index = node.schedule.index(of: id) else { return }
        trace.note(.asked, node.places[index], 0, at: boot)
        let now = now()
        let jumped = node.clock.takeStep() > .zero
        let (ticket, actions) = node.schedule.manual(index, at: now, jumped: jumped)
        node.awaited[index] = min(ticket, node.awaited[index] ?? ticket)
        try perform(actions, at: now)
    }

    /// Everything works again, until the end.
    private mutating func calmDown() {
        nextEventAt = .max
        effectsLeft = .max
        mend()
    }

    private mutating func mend() {
        store.behaviour = .works
        network.mend()
        for place in targets.indices { targets[place].behaviour = .passes }
        for channel in Scenario.channelIDs { receivers[channel] = Receiver() }
    }
}
