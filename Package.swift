// swift-tools-version: 6.3
import PackageDescription

/// The settings of every target: the strictest the toolchain offers, so that a warning stops the build.
let strict: [SwiftSetting] = [
  .enableUpcomingFeature("ExistentialAny"),
  .enableUpcomingFeature("InternalImportsByDefault"),
  .enableUpcomingFeature("MemberImportVisibility"),
  .enableUpcomingFeature("NonisolatedNonsendingByDefault"),
  .strictMemorySafety(),
  .treatAllWarnings(as: .error),
]

/// What links the programs that start a process for each document: every library of the language that is
/// not loaded on its own is one that no such process maps and binds. Nobody imports these programs, so
/// the flag keeps nobody from importing the package. Only in release: a bundle of tests takes on the flags of
/// the programs that its tests start, and needs all of Foundation.
let worker: [LinkerSetting] = [
  .unsafeFlags(["-static-stdlib"], .when(configuration: .release)),
  // The code lies in large pages that nothing else shares, so that it can be moved to them.
  .unsafeFlags(["-Xlinker", "-z", "-Xlinker", "max-page-size=2097152"]),
]

/// The same for the program that a person waits for: a third of its start went into finding and tying its libraries
/// together. The database brings Foundation along, whose parts no list of the compiler's names when they are archives.
let tool: [LinkerSetting] = [
  .unsafeFlags(
    ["-static-stdlib", "-Xlinker", "--gc-sections", "-Xlinker", "--start-group"]
      + [
        "Foundation", "CoreFoundation", "FoundationEssentials", "FoundationInternationalization",
        "_FoundationICU", "_FoundationCShims", "_FoundationCollections", "stdc++",
      ].map { "-l" + $0 } + ["-Xlinker", "--end-group"],
    .when(configuration: .release))
]

/// A library target of ours: `Sources/Vigie<name>`; embedded files are bytes in its code.
func house(
  _ name: String, _ dependencies: [Target.Dependency] = [], embedding files: [String] = []
) -> Target {
  .target(
    name: "Vigie\(name)", dependencies: dependencies, resources: files.map { .embedInCode($0) },
    swiftSettings: strict)
}

/// The tests of one target: `Tests/Vigie<name>Tests`.
func tests(_ name: String, _ dependencies: [Target.Dependency]) -> Target {
  .testTarget(name: "Vigie\(name)Tests", dependencies: dependencies, swiftSettings: strict)
}

let metrics = Target.Dependency.product(name: "CoreMetrics", package: "swift-metrics")
let grdb = Target.Dependency.product(name: "GRDB", package: "GRDB.swift")
let sqlite = Target.Dependency.product(name: "GRDBSQLite", package: "GRDB.swift")
let arguments = Target.Dependency.product(
  name: "ArgumentParser", package: "swift-argument-parser")
let logging = Target.Dependency.product(name: "Logging", package: "swift-log")
let nio: [Target.Dependency] = ["NIOCore", "NIOPosix", "NIOHTTPTypes"].map {
  .product(name: $0, package: $0 == "NIOHTTPTypes" ? "swift-nio-extras" : "swift-nio")
}
let hummingbird: [Target.Dependency] = [
  .product(name: "Hummingbird", package: "hummingbird"),
  .product(name: "HummingbirdCore", package: "hummingbird"),
  .product(name: "HTTPTypes", package: "swift-http-types"),
  .product(name: "ServiceLifecycle", package: "swift-service-lifecycle"),
  .product(name: "UnixSignals", package: "swift-service-lifecycle"),
]

let package = Package(
  name: "vigie",
  products: [
    .executable(name: "vigie", targets: ["vigie"]),
    .executable(name: "vigie-serve", targets: ["vigie-serve"]),
    // What both start to read documents and pictures in a sandbox; they lie beside them.
    .executable(name: "vigie-parse-worker", targets: ["vigie-parse-worker"]),
    .executable(name: "vigie-ocr-worker", targets: ["vigie-ocr-worker"]),
    // What a server imports to load rules, ask and keep an audit.
    .library(
      name: "VigieHook",
      targets: [
        "VigieHook", "VigieCore", "VigieFilter", "VigieRulebook", "VigieRuleFiles", "VigieAudit",
      ]),
    // What it keeps uploads in between their inspection and the messages that post them.
    .library(name: "VigieStore", targets: ["VigieStore"]),
    // The C library; Tools/c-abi/build makes libvigie.so of it.
    .library(name: "vigie-c", type: .dynamic, targets: ["CVigie"]),
  ],
  dependencies: [
    .package(url: "https://github.com/apple/swift-argument-parser", from: "1.8.2"),
    .package(url: "https://github.com/apple/swift-http-types", from: "1.8.0"),
    .package(url: "https://github.com/apple/swift-log", from: "1.16.2"),
    .package(url: "https://github.com/apple/swift-metrics", from: "2.13.0"),
    .package(url: "https://github.com/apple/swift-nio", from: "2.101.2"),
    .package(url: "https://github.com/apple/swift-nio-extras", from: "1.35.2"),
    // Without what reads configuration files and needs all of Foundation.
    .package(url: "https://github.com/hummingbird-project/hummingbird", from: "2.28.1", traits: []),
    .package(url: "https://github.com/groue/GRDB.swift", from: "7.10.0"),
    .package(url: "https://github.com/swift-server/swift-service-lifecycle", from: "2.13.0"),
  ],
  targets: [
    // C libraries: a module map each, and exactly one importer.
    .systemLibrary(
      name: "CPCRE2", pkgConfig: "libpcre2-8", providers: [.apt(["libpcre2-dev"])]),
    .systemLibrary(
      name: "CArchive", pkgConfig: "libarchive", providers: [.apt(["libarchive-dev"])]),
    .systemLibrary(
      name: "CXML2", pkgConfig: "libxml-2.0", providers: [.apt(["libxml2-dev"])]),
    .systemLibrary(name: "CZlib", pkgConfig: "zlib", providers: [.apt(["zlib1g-dev"])]),
    .systemLibrary(
      name: "CDeflate", pkgConfig: "libdeflate", providers: [.apt(["libdeflate-dev"])]),
    .systemLibrary(name: "CYAML", pkgConfig: "yaml-0.1", providers: [.apt(["libyaml-dev"])]),
    .systemLibrary(name: "CNettle", pkgConfig: "hogweed", providers: [.apt(["nettle-dev"])]),
    .systemLibrary(name: "CQPDF", pkgConfig: "libqpdf", providers: [.apt(["libqpdf-dev"])]),
    // Loaded when the program runs, where they are installed; nothing is linked.
    .target(name: "CPDFium"),
    .target(name: "CTesseract"),
    .target(name: "CUnarr"),
    // Comes with libarchive; nothing is linked.
    .target(name: "CZstandard"),
    .systemLibrary(name: "CICU", pkgConfig: "icu-uc", providers: [.apt(["libicu-dev"])]),

    // What Swift cannot call of Linux; VigieSandbox alone imports it.
    .target(name: "CSandbox"),

    // The pass over a text with vectors; VigieRulebook alone imports it.
    .target(name: "CVigieKernel"),
    // The pass over JSON with vectors; VigieJSON alone imports it.
    .target(name: "CVigieJSON"),

    // Ground.
    house("Core"),
    house("Unicode"),
    house("JSON", ["CVigieJSON"]),
    house("Crypto", ["VigieCore", "CNettle"]),
    house("Markup", ["CXML2"]),
    house("Patterns", ["CPCRE2"]),
    house("Text", ["VigieCore", "VigieUnicode"]),
    house("Threads"),
    house("Sandbox", ["CSandbox"]),

    // Core: pure, synchronous, no Foundation and no I/O (RuleFiles apart).
    house("Rulebook", ["VigieCore", "VigieText", "VigieThreads", "VigieUnicode", "VigiePatterns", "CVigieKernel"]),
    house("Policy", ["VigieCore"]),
    house(
      "Scanning",
      ["VigieCore", "VigieText", "VigieUnicode", "VigiePatterns", "VigieRulebook"]),
    house(
      "Filter",
      [
        "VigieCore", "VigiePolicy", "VigieRulebook", "VigieScanning", "VigieText", "VigieUnicode",
      ]),
    house(
      "RuleFiles",
      ["VigieCore", "VigieJSON", "VigieCrypto", "VigiePolicy", "VigieRulebook", "CYAML"]),

    // Inputs and outputs.
    house("Documents", ["VigieCore"]),
    house("Containers", ["VigieCore", "VigieDocuments", "CArchive", "CZlib", "CDeflate", "CUnarr", "CZstandard"]),
    house("PDF", ["CPDFium", "CQPDF"]),
    house("OCR", ["VigieCore", "VigieDocuments", "CTesseract"]),
    house(
      "Attachments",
      [
        "VigieCore", "VigieCrypto", "VigieDocuments", "VigieContainers", "VigieMarkup", "VigiePDF", "CICU",
      ],
      embedding: ["Rehearsal/samples.zip"]),
    house("Zygote", ["VigieCore", "VigieDocuments", "VigieSandbox"]),
    house(
      "Workers",
      ["VigieCore", "VigieCrypto", "VigieThreads", "VigieSandbox", "VigieDocuments"]),
    house("Archives", ["VigieCore", "VigieJSON", "VigieDocuments", "VigieContainers", sqlite]),
    house("Matrix", ["VigieCore", "VigieJSON", "VigieCrypto"]),
    house("Wire", ["VigieCore", "VigieJSON"]),
    house(
      "Reports", ["VigieCore", "VigieJSON", "VigieWire", "VigieCrypto"],
      embedding: ["page.css", "page.js", "en.json", "fr.json", "gaps-fr.json", "titles-fr.json"].map { "Page/Resources/\($0)" }),
    house("Audit", ["VigieCore", "VigieJSON", "VigieCrypto", "VigieThreads"]),
    house(
      "Store",
      [
        "VigieCore", "VigieJSON", "VigieCrypto", "VigieThreads", "VigieWire", "VigieReports", grdb,
        sqlite,
      ]),

    // Uses.
    house(
      "Inspection",
      [
        "VigieCore", "VigieCrypto", "VigieFilter", "VigiePolicy", "VigieDocuments",
        "VigieWorkers",
      ]),
    house(
      "Batch",
      [
        "VigieCore", "VigieCrypto", "VigieThreads", "VigieDocuments", "VigieArchives",
        "VigieInspection", "VigieFilter", "VigieReports", "VigieStore",
      ]),
    house("Exposure", ["VigieCore", "VigieJSON", "VigieArchives", "VigieReports"]),
    house(
      "Hook",
      [
        "VigieCore", "VigieCrypto", "VigieThreads", "VigiePolicy", "VigieFilter",
        "VigieInspection", "VigieAudit", metrics,
      ]),
    house(
      "RuleChecks",
      [
        "VigieCore", "VigieCrypto", "VigieJSON", "VigieRulebook", "VigiePolicy", "VigieFilter",
        "VigieReports", "VigieInspection", "VigieBatch", "VigieArchives", "VigieScanning",
      ]),

    // Face.
    house(
      "Options",
      [
        "VigieCore", "VigieCrypto", "VigieFilter", "VigiePolicy", "VigieBatch", "VigieReports", "VigieRuleChecks",
        "VigieRuleFiles", "VigieRulebook", "VigieThreads", arguments,
      ]),
    house(
      "Server",
      [
        "VigieCore", "VigieJSON", "VigieCrypto", "VigieWire", "VigieMatrix", "VigieHook", "VigieAudit",
        "VigieFilter", "VigieRulebook", "VigieThreads", "VigieDocuments", logging, metrics,
      ] + nio + hummingbird),
    .executableTarget(
      name: "vigie-parse-worker",
      dependencies: ["VigieAttachments", "VigieZygote"],
      swiftSettings: strict, linkerSettings: worker),
    .executableTarget(
      name: "vigie-ocr-worker",
      dependencies: ["VigieOCR", "VigieZygote"],
      swiftSettings: strict, linkerSettings: worker),
    .executableTarget(
      name: "vigie-serve",
      dependencies: [
        "VigieOptions", "VigieServer", "VigieHook", "VigieAudit", "VigieCore", "VigieCrypto",
        "VigieFilter", "VigieMatrix", "VigieReports", "VigieStore", arguments, logging, metrics,
      ] + nio + hummingbird,
      swiftSettings: strict),
    .executableTarget(
      name: "vigie",
      dependencies: [
        "VigieCore", "VigieRulebook", "VigieRuleFiles", "VigiePolicy", "VigieFilter",
        "VigieInspection", "VigieBatch", "VigieArchives", "VigieReports", "VigieWire",
        "VigieCrypto", "VigieAudit", "VigieRuleChecks", "VigieJSON", "VigieOptions",
        "VigieDocuments", "VigieSandbox", "VigieWorkers", "VigieExposure", "VigieStore", "VigieThreads", arguments,
      ],
      swiftSettings: strict, linkerSettings: tool),

    // The C library: its header, and the functions in it.
    .systemLibrary(name: "CVigieHeader"),
    .target(
      name: "CVigie",
      dependencies: [
        "CVigieHeader", "VigieCore", "VigieThreads", "VigieRulebook", "VigieRuleFiles",
        "VigieFilter", "VigieCrypto", "VigieJSON", "VigieInspection", "VigieWire",
      ],
        swiftSettings: strict),

    // By hand: what Tools/server/bench measures the server against.
    .executableTarget(
      name: "vigie-serve-peer", dependencies: nio + hummingbird, path: "Tools/server/peer",
      swiftSettings: strict),

    // By hand: the Vigie side of Tools/bench.
    .executableTarget(
      name: "vigie-bench",
      dependencies: [
        "VigieCore", "VigieArchives", "VigieAudit", "VigieFilter", "VigieHook",
        "VigieInspection", "VigieRuleFiles", "VigieRulebook", "VigieScanning", "VigieDocuments",
        "VigieSandbox", "VigieWorkers",
      ],
      path: "Tools/bench/vigie-bench", swiftSettings: strict),

    // By hand: what Tools/kernel/test has an emulated processor find.
    .executableTarget(
      name: "vigie-kernel-cases",
      dependencies: ["VigieRulebook", "TestSupport"],
      path: "Tools/kernel/cases", swiftSettings: strict),

    // By hand: odd rules at random, more of them than the tests try.
    .executableTarget(
      name: "vigie-odd-rules",
      dependencies: ["VigieCore", "VigieRuleFiles", "VigieRulebook", "VigieScanning", "TestSupport"],
      path: "Tools/kernel/odd-rules", swiftSettings: strict),

    // Tests.
    .target(name: "CAllocationCount", path: "Tests/CAllocationCount"),
    tests("Unicode", ["VigieUnicode"]),
    tests("Markup", ["VigieMarkup"]),
    tests("Text", ["VigieText", "VigieUnicode", "TestSupport"]),
    tests("Patterns", ["VigiePatterns", "TestSupport"]),
    tests(
      "Rulebook",
      [
        "VigieRulebook", "VigieCore", "VigieText", "VigieUnicode", "VigiePatterns",
        "TestSupport",
      ]),
    tests(
      "Scanning",
      [
        "VigieScanning", "VigieRulebook", "VigiePatterns", "VigieText", "VigieUnicode",
        "VigieCore", "TestSupport",
      ]),
    tests(
      "Filter",
      [
        "VigieFilter", "VigieScanning", "VigieRulebook", "VigieRuleFiles", "VigiePolicy",
        "VigieCrypto", "VigieCore", "TestSupport", "CAllocationCount",
      ]),
    tests("JSON", ["VigieJSON"]),
    tests("Wire", ["VigieWire", "VigieJSON", "VigieCore"]),
    tests("Archives", ["VigieArchives", "VigieJSON", "VigieCore", sqlite]),
    tests("Matrix", ["VigieMatrix", "VigieJSON", "VigieCrypto", "VigieCore", "TestSupport"]),
    tests(
      "Server",
      [
        "VigieServer", "VigieHook", "VigieAudit", "VigieFilter", "VigieMatrix", "VigieJSON", "VigieWire", "VigieCore",
        "TestSupport", metrics, .product(name: "NIOEmbedded", package: "swift-nio"),
        .product(name: "NIOCore", package: "swift-nio"),
      ]),
    tests("Crypto", ["VigieCrypto", "VigieCore"]),
    tests("Policy", ["VigiePolicy", "VigieCore", "TestSupport"]),
    tests("Documents", ["VigieDocuments", "TestSupport"]),
    tests("Containers", ["VigieContainers", "VigieDocuments", "VigieCore"]),
    tests("PDF", ["VigiePDF"]),
    tests("Attachments", ["VigieAttachments", "VigieDocuments", "VigieCore"]),
    tests("Sandbox", ["VigieSandbox", "TestSupport"]),
    tests(
      "Workers",
      [
        "VigieWorkers", "VigieSandbox", "VigieDocuments", "VigieCore", "TestSupport",
        "vigie-parse-worker", "vigie-ocr-worker",
      ]),
    tests("OCR", ["VigieOCR", "VigieDocuments", "VigieCore"]),
    tests(
      "Inspection",
      [
        "VigieInspection", "VigieFilter", "VigieDocuments", "VigieWorkers", "VigieCore",
        "TestSupport", "vigie-parse-worker",
      ]),
    tests(
      "Batch",
      [
        "VigieBatch", "VigieArchives", "VigieReports", "VigieStore", "VigieFilter", "VigieCrypto",
        "VigieJSON", "VigieCore", "TestSupport",
      ]),
    tests(
      "Exposure",
      ["VigieExposure", "VigieArchives", "VigieReports", "VigieJSON", "VigieCore"]),
    tests("Audit", ["VigieAudit", "VigieCore", "VigieCrypto", "VigieJSON", "TestSupport"]),
    tests(
      "Hook",
      [
        "VigieHook", "VigieAudit", "VigieCore", "VigieCrypto", "VigieFilter", "VigieJSON",
        "VigiePolicy", "VigieRulebook", "VigieRuleFiles", "VigieStore", "TestSupport",
        .product(name: "MetricsTestKit", package: "swift-metrics"),
      ]),
    tests(
      "Store",
      [
        "VigieStore", "VigieReports", "VigieCrypto", "VigieJSON", "VigieCore", "TestSupport", grdb,
      ]),
    .testTarget(
      name: "CVigieTests", dependencies: ["CVigie", "CVigieHeader", "TestSupport"],
      swiftSettings: strict),
    tests("Reports", ["VigieReports", "VigieJSON", "VigieCrypto", "VigieCore", "TestSupport"]),
    tests(
      "RuleChecks",
      [
        "VigieRuleChecks", "VigieReports", "VigieArchives", "VigieFilter", "VigieRulebook",
        "VigieScanning", "VigieJSON", "VigieCore", "TestSupport",
      ]),
    .target(
      name: "TestSupport",
      dependencies: [
        "VigieCore", "VigieFilter", "VigiePolicy", "VigieRulebook", "VigieRuleFiles", "VigieScanning",
        "VigieText", "VigieUnicode",
      ],
      path: "Tests/TestSupport",
      swiftSettings: strict),
    .testTarget(name: "HouseTests", dependencies: ["TestSupport"], swiftSettings: strict),
    .testTarget(
      name: "CommandTests",
      dependencies: [
        "vigie", "vigie-parse-worker", "vigie-ocr-worker", "TestSupport", "VigieAudit", "VigieCore", "VigieJSON",
        "VigieReports", "VigieRuleChecks", "VigieSandbox", "VigieStore", "VigieWire", "VigieExposure",
      ],
      swiftSettings: strict),
    tests(
      "RuleFiles",
      ["VigieRuleFiles", "VigieRulebook", "VigiePolicy", "VigieCore", "VigieCrypto"]),
  ],
  swiftLanguageModes: [.v6]
)
