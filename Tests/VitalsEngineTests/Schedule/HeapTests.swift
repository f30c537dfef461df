import Testing
import VitalsCore
import VitalsTesting

@testable import VitalsEngine

struct HeapTests {
    @Test("items come out in order, however they went in", arguments: 0..<20)
    func order(seed: UInt64) {
        var generator = SeededGenerator(seed: seed)
        var heap = Heap<Int>()
        var held: [Int] = []
        for _ in 0..<500 {
            if Bool.random(using: &generator) || held.isEmpty {
                let item = Int.random(in: 0..<50, using: &generator)
                heap.push(item)
                held.append(item)
                held.sort()
            } else {
                #expect(heap.first == held.first)
                #expect(heap.popFirst() == held.removeFirst())
            }
        }
        while !held.isEmpty { #expect(heap.popFirst() == held.removeFirst()) }
        #expect(heap.popFirst() == nil)
    }

    @Test("what is not due stays")
    func due() {
        var heap = DueHeap()
        heap.push(DueHeap.Item(due: Fixture.at(2), index: 0, reason: .slot))
        heap.push(DueHeap.Item(due: Fixture.at(1), index: 1, reason: .confirm))
        #expect(heap.pop(dueAt: Fixture.at(0)) == nil)
        #expect(heap.pop(dueAt: Fixture.at(1))?.index == 1)
        #expect(heap.pop(dueAt: Fixture.at(1)) == nil)
        #expect(heap.pop(dueAt: Fixture.at(9))?.index == 0)
    }
}
