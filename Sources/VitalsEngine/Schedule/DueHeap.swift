import VitalsCore

/// A binary min-heap of what is due when: one for all health checks, so that one timer serves them all.
struct DueHeap: Sendable {
    enum Reason: Sendable {
        case slot, initial, confirm
    }

    struct Item: Sendable {
        let due: Timestamp
        /// The health check's place in the schedule.
        let index: Int
        let reason: Reason
    }

    private var items: [Item] = []

    var first: Item? { items.first }

    mutating func push(_ item: Item) {
        items.append(item)
        var child = items.count - 1
        while child > 0 {
            let parent = (child - 1) / 2
            guard items[child].due < items[parent].due else { return }
            items.swapAt(child, parent)
            child = parent
        }
    }

    /// Takes out the first item that is due at `now`.
    mutating func pop(dueAt now: Timestamp) -> Item? {
        guard let top = items.first, top.due <= now else { return nil }
        let last = items.removeLast()
        guard !items.isEmpty else { return top }
        items[0] = last
        var parent = 0
        while true {
            var child = parent * 2 + 1
            guard child < items.count else { break }
            if child + 1 < items.count, items[child + 1].due < items[child].due { child += 1 }
            guard items[child].due < items[parent].due else { break }
            items.swapAt(child, parent)
            parent = child
        }
        return top
    }
}
