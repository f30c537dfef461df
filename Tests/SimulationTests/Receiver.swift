import VitalsCore
import VitalsTesting

/// Who stands behind a channel.
struct Receiver {
    enum Behaviour: CaseIterable {
        case takes, isSlow, fails, refuses, hangs, isBusy, falters
    }

    var behaviour = Behaviour.takes

    /// Of one attempt: as the node is configured without anything else.
    static let timeout: Duration = .seconds(8)

    /// What becomes of an attempt, and after how long.
    func answer(using generator: inout SeededGenerator) -> (outcome: DeliveryOutcome, after: Duration) {
        let quick = Duration.microseconds(900 + Int64(generator.next() & 0xFFFF))
        let failed = DeliveryOutcome.answered(httpStatus: 500)
        let taken = DeliveryOutcome.answered(httpStatus: 200)
        switch behaviour {
        case .takes: return (taken, quick)
        case .isSlow: return (taken, .microseconds(generator.microseconds(around: .seconds(2))))
        case .fails: return (failed, quick)
        case .refuses: return (.answered(httpStatus: 410), quick)
        case .hangs: return (.failed(httpStatus: nil, message: "no answer", retryAfter: nil), Self.timeout)
        case .isBusy:
            let pause = Duration.seconds(generator.below(900))
            return (.answered(httpStatus: 429, retryAfter: pause), quick)
        case .falters: return (generator.oneIn(2) ? taken : failed, quick)
        }
    }
}
