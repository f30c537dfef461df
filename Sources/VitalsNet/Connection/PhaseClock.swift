import NIOCore
import VitalsCore

/// The time that one run spent in each phase.
struct PhaseClock {
    let startedAt: NIODeadline
    private(set) var current: Phase
    private var enteredAt: NIODeadline
    private var ended: [PhaseTiming] = []

    init(startingIn phase: Phase, at now: NIODeadline) {
        startedAt = now
        enteredAt = now
        current = phase
        ended.reserveCapacity(6)
    }

    /// Ends the current phase and begins another; entering one again adds to what it had.
    mutating func enter(_ phase: Phase, at now: NIODeadline) {
        guard phase != current else { return }
        end(at: now)
        current = phase
        enteredAt = now
    }

    /// From the start to `now`, and what each phase had of it, the current one included.
    mutating func stop(at now: NIODeadline) -> (latency: Duration, phases: [PhaseTiming]) {
        end(at: now)
        return (Duration(now - startedAt), ended)
    }

    private mutating func end(at now: NIODeadline) {
        let spent = Duration(now - enteredAt)
        if let index = ended.firstIndex(where: { $0.phase == current }) {
            ended[index] = PhaseTiming(current, ended[index].duration + spent)
        } else {
            ended.append(PhaseTiming(current, spent))
        }
    }
}
