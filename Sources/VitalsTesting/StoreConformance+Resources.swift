import VitalsCore
import VitalsEngine

extension StoreConformance {
    static let resources: [StoreConformance] = [
        StoreConformance("an empty store holds no resources") { store in
            try expect(await store.resources(), is: [], "resources")
        },
        StoreConformance("a resource is what it was last changed to, and gone once it is removed") { store in
            let key = ResourceKey(.system, "shop")
            let first = StoredResource(key: key, body: #"{"id":"shop"}"#, version: 1)
            let second = StoredResource(key: key, body: #"{"id":"shop","name":"Shop"}"#, version: 2)
            let other = StoredResource(key: ResourceKey(.channel, "shop"), body: "{}", version: 7)
            try await change(store, [ResourceChange(first), ResourceChange(other)])
            try expect(await store.resources(), is: [other, first], "both, by their keys")
            try await change(store, [ResourceChange(second)])
            try expect(await store.resources(), is: [other, second], "changed")
            try await change(store, [ResourceChange(removing: other.key), ResourceChange(removing: key)])
            try expect(await store.resources(), is: [], "removed")
        },
        StoreConformance("a resource is recorded with its batch, or neither is") { store in
            var batch = Batch()
            batch.resources = [
                ResourceChange(StoredResource(key: ResourceKey(.check, "web"), body: "{}", version: 1))
            ]
            batch.removed = [sql.id]
            try await expectFailure("an unknown health check") { try await store.record(batch) }
            try expect(await store.resources(), is: [], "resources")
        },
    ]

    private static func change(_ store: any Store, _ changes: [ResourceChange]) async throws {
        var batch = Batch()
        batch.resources = changes
        try await store.record(batch)
    }
}
