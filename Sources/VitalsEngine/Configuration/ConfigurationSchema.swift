package import VitalsCore

/// What may be written in `vitals.yaml`, as JSON Schema (2020-12): so that an editor completes and checks it.
package struct ConfigurationSchema {
    private let forms: [ProbeForm]
    private let channelForms: [ChannelForm]

    package init(forms: [ProbeForm], channelForms: [ChannelForm]) {
        self.forms = forms
        self.channelForms = channelForms
    }

    /// The schema of a whole file.
    package var json: JSON {
        WrittenSchema.object(
            [
                ("server", ConfigurationReading.serverSchema),
                ("defaults", WrittenSchema.object(policy, orNothing: true)),
                ("channels", WrittenSchema.items(channel)), ("groups", WrittenSchema.items(group)),
                ("checks", WrittenSchema.items(reusableCheck)), ("systems", WrittenSchema.items(system)),
                ("health", health), ("storage", storage), ("connectivity", connectivity),
                ("deadman", ConfigurationReading.deadmanFields.jsonSchema),
                ("heartbeats", FieldType.object(ConfigurationReading.heartbeatFields).jsonSchema),
            ], orNothing: true
        ).with([
            ("$schema", "https://json-schema.org/draft/2020-12/schema"),
            ("title", "The configuration of Vitals"),
        ])
    }

    private var policy: [(String, JSON)] {
        [
            ("interval", WrittenSchema.duration(ConfigurationReading.intervals)),
            ("timeout", WrittenSchema.duration(ConfigurationReading.timeouts)),
            ("thresholds", thresholds),
            (
                "confirm_every",
                WrittenSchema.duration(ConfigurationReading.confirmations, or: ["off"])
            ),
        ]
    }

    private var thresholds: JSON {
        let count = WrittenSchema.integer(ConfigurationReading.counts)
        let share = WrittenSchema.integer(1...Thresholds.Window.largest)
        return WrittenSchema.object(
            [
                ("failure", count), ("success", count), ("warn", count),
                ("degraded", WrittenSchema.integer(ConfigurationReading.counts, or: ["none"])),
                (
                    "window",
                    WrittenSchema.object([("size", share), ("unhealthy", share), ("degraded", share)])
                ),
            ], orNothing: true)
    }

    private var channel: JSON {
        let properties: [(String, JSON)] = [
            ("id", id), ("default", WrittenSchema.flag),
            (
                "cooldown",
                // YAML takes a bare zero for a number.
                [
                    "anyOf": [
                        ["enum": [.integer(0), "0"]], WrittenSchema.duration(.zero ... .seconds(43_200)),
                    ]
                ]
            ),
        ]
        return Self.one(
            of: channelForms.map { ($0.kind, $0.fields.jsonSchema) }, beside: properties)
    }

    private var system: JSON {
        WrittenSchema.object(
            [
                ("id", id), ("name", textOrNothing), ("description", textOrNothing),
                ("links", FieldType.pairs(upTo: 32).jsonSchema),
                ("groups", WrittenSchema.items(id, upTo: 32)),
                ("labels", FieldType.pairs(upTo: ConfigurationReading.maximumLabels).jsonSchema),
                ("notify", notify), ("connection", WrittenSchema.text),
                ("checks", WrittenSchema.items(check())), ("renamed_from", id),
            ], required: ["id"])
    }

    private var group: JSON {
        WrittenSchema.object(
            [("id", id), ("name", textOrNothing), ("description", textOrNothing)], required: ["id"])
    }

    private var reusableCheck: JSON {
        let item = WrittenSchema.object(
            [("id", WrittenSchema.text), ("enabled", WrittenSchema.flag), ("thresholds", thresholds)],
            required: ["id"])
        let systems = WrittenSchema.list(["anyOf": [WrittenSchema.text, item]], upTo: nil)
        return check(beside: [("systems", systems), ("paused", WrittenSchema.flag)])
    }

    private func check(beside others: [(String, JSON)] = []) -> JSON {
        let conditions = WrittenSchema.list(
            ["type": "string"], upTo: ConfigurationReading.maximumConditions)
        let properties: [(String, JSON)] =
            [("id", id)] + others + policy + [
                ("enabled", WrittenSchema.flag), ("critical", WrittenSchema.flag), ("notify", notify),
                ("conditions", conditions), ("warn_conditions", conditions),
                ("vitals", ConfigurationReading.vitalSchema),
                ("collect", ConfigurationReading.questionSchema(conditions)), ("renamed_from", id),
            ]
        return Self.one(
            of: forms.map { ($0.kind.name, $0.fields.jsonSchema) }, beside: properties)
    }

    private var notify: JSON {
        let flags = WrittenSchema.object(
            ["on_down", "on_degraded", "on_recovered"].map { ($0, WrittenSchema.flag) }, orNothing: true)
        return [
            "anyOf": [
                ["type": "array", "items": WrittenSchema.text],
                ["type": "object", "additionalProperties": flags],
            ]
        ]
    }

    private var health: JSON {
        WrittenSchema.object(
            [
                ("components", ["type": ["object", "null"], "additionalProperties": WrittenSchema.text]),
                ("critical", WrittenSchema.items(WrittenSchema.text)),
            ], orNothing: true)
    }

    private var storage: JSON {
        let retention = WrittenSchema.duration(
            .seconds(3_600) ... .seconds(3_650 * 86_400), units: "ms|s|m|h|d")
        let size: JSON = [
            "anyOf": [WrittenSchema.pattern("^[0-9]{1,6}(MB|GB|TB)$"), WrittenSchema.choice([])]
        ]
        return WrittenSchema.object(
            [
                ("raw_retention", retention), ("hourly_retention", retention),
                ("daily_retention", retention), ("max_size", size),
            ], orNothing: true)
    }

    private var connectivity: JSON {
        WrittenSchema.object(
            [
                (
                    "targets",
                    [
                        "type": "array", "items": WrittenSchema.text, "minItems": .integer(1),
                        "maxItems": .integer(8),
                    ]
                ),
                ("timeout", WrittenSchema.duration(.milliseconds(100) ... .seconds(30))),
            ], required: ["targets"], orNothing: true)
    }

    /// A digit alone is a number to YAML.
    private var id: JSON { ["anyOf": [["type": "integer"], WrittenSchema.choice([]), slug]] }
    private var slug: JSON { WrittenSchema.pattern("^[a-z0-9][a-z0-9-]{0,62}$") }
    private var textOrNothing: JSON { ["type": ["string", "number", "boolean", "null"]] }

    /// An object with exactly one of the kinds, each under its own key.
    private static func one(of kinds: [(String, JSON)], beside properties: [(String, JSON)]) -> JSON {
        WrittenSchema.object(properties + kinds, required: ["id"]).with([
            ("oneOf", .array(kinds.map { ["required": [.string($0.0)]] }))
        ])
    }
}
