import VitalsCore

/// What waits for one channel, by due time, and how much is on its way to it.
struct Lane: Sendable {
    private struct Waiting: Sendable, Comparable {
        let due: Timestamp
        let id: NotificationID

        static func < (left: Waiting, right: Waiting) -> Bool {
            (left.due, left.id) < (right.due, right.id)
        }
    }

    private var heap = Heap<Waiting>()
    /// What waits; what the heap still holds of others is void.
    private var due: [NotificationID: Timestamp] = [:]
    private var busy = 0

    /// How many are on their way at a time.
    static let width = 4

    mutating func add(_ id: NotificationID, due instant: Timestamp) {
        due[id] = instant
        heap.push(Waiting(due: instant, id: id))
    }

    /// It waits no more, or is not on its way any more.
    mutating func remove(_ id: NotificationID, isBusy: Bool) {
        if isBusy { busy -= 1 } else { due[id] = nil }
        dropVoid()
    }

    /// When the first falls due, if there is room for it.
    var nextDue: Timestamp? { busy < Self.width ? heap.first?.due : nil }

    /// The first that is due, if there is room for it; it is on its way now.
    mutating func take(dueAt now: Timestamp) -> NotificationID? {
        guard busy < Self.width, let first = heap.first, first.due <= now else { return nil }
        due[first.id] = nil
        busy += 1
        dropVoid()
        return first.id
    }

    /// The top of the heap always waits.
    private mutating func dropVoid() {
        while let first = heap.first, due[first.id] != first.due {
            _ = heap.popFirst()
        }
    }
}
