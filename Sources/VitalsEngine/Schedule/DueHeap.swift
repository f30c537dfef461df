import VitalsCore

/// What is due when: one heap for all health checks, so that one timer serves them all.
struct DueHeap: Sendable {
    enum Reason: Sendable {
        case slot, initial, confirm
    }

    struct Item: Sendable, Comparable {
        let due: Timestamp
        /// The health check's place in the schedule.
        let index: Int
        let reason: Reason

        static func < (left: Item, right: Item) -> Bool {
            left.due < right.due
        }
    }

    private var heap = Heap<Item>()

    var first: Item? { heap.first }

    mutating func push(_ item: Item) {
        heap.push(item)
    }

    /// Takes out the first item that is due at `now`.
    mutating func pop(dueAt now: Timestamp) -> Item? {
        guard let first = heap.first, first.due <= now else { return nil }
        return heap.popFirst()
    }
}
