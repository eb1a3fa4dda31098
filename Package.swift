// swift-tools-version: 6.2

import PackageDescription

/// What every target of ours is built with: Swift 6, the upcoming features that keep imports and existentials
/// honest, and no warning left standing.
let settings: [SwiftSetting] = [
    .swiftLanguageMode(.v6),
    .enableUpcomingFeature("ExistentialAny"),
    .enableUpcomingFeature("MemberImportVisibility"),
    .enableUpcomingFeature("InternalImportsByDefault"),
    .treatAllWarnings(as: .error),
]

let x509: Target.Dependency = .product(name: "X509", package: "swift-certificates")
let asn1: Target.Dependency = .product(name: "SwiftASN1", package: "swift-asn1")
let crypto: Target.Dependency = .product(name: "Crypto", package: "swift-crypto")
let cryptoExtras: Target.Dependency = .product(name: "CryptoExtras", package: "swift-crypto")
let logging: Target.Dependency = .product(name: "Logging", package: "swift-log")

let package = Package(
    name: "ucm",
    products: [
        .executable(name: "ucm", targets: ["ucm"]),
        .library(name: "CryptographicMessageSyntax", targets: ["CryptographicMessageSyntax"]),
        .library(name: "SCEP", targets: ["SCEP"]),
        .library(name: "SCEPClient", targets: ["SCEPClient"]),
    ],
    dependencies: [
        .package(url: "https://github.com/apple/swift-argument-parser", from: "1.8.2"),
        .package(url: "https://github.com/apple/swift-asn1", from: "1.7.4"),
        .package(url: "https://github.com/apple/swift-certificates", from: "1.21.1"),
        .package(url: "https://github.com/apple/swift-configuration", from: "1.4.0", traits: ["YAML"]),
        .package(url: "https://github.com/apple/swift-crypto", from: "4.5.2"),
        .package(url: "https://github.com/apple/swift-http-types", from: "1.8.0", traits: []),
        .package(url: "https://github.com/apple/swift-log", from: "1.16.2"),
        .package(url: "https://github.com/apple/swift-nio", from: "2.101.2"),
        .package(url: "https://github.com/apple/swift-nio-extras", from: "1.35.2"),
        .package(url: "https://github.com/apple/swift-nio-ssl", from: "2.37.6"),
        .package(url: "https://github.com/apple/swift-system", from: "1.8.1"),
        .package(url: "https://github.com/groue/GRDB.swift", from: "7.10.0"),
        .package(url: "https://github.com/hummingbird-project/hummingbird", from: "2.28.1", traits: []),
        .package(url: "https://github.com/swift-server/async-http-client", from: "1.37.0"),
        .package(url: "https://github.com/swift-server/swift-service-lifecycle", from: "2.13.0"),
    ],
    targets: [
        .systemLibrary(name: "CLibcrypto", pkgConfig: "libcrypto", providers: [.apt(["libssl-dev"])]),
        .systemLibrary(name: "CLibpq", pkgConfig: "libpq", providers: [.apt(["libpq-dev"])]),
        .target(
            name: "CryptographicMessageSyntax",
            dependencies: ["CLibcrypto", x509, asn1, crypto, cryptoExtras],
            swiftSettings: settings
        ),
        .target(
            name: "SCEP",
            dependencies: ["CryptographicMessageSyntax", x509, asn1, crypto],
            swiftSettings: settings
        ),
        .target(
            name: "SCEPClient",
            dependencies: [
                "CryptographicMessageSyntax",
                "SCEP",
                .product(name: "AsyncHTTPClient", package: "async-http-client"),
                .product(name: "NIOCore", package: "swift-nio"),
                .product(name: "NIOHTTP1", package: "swift-nio"),
                .product(name: "NIOPosix", package: "swift-nio"),
                .product(name: "NIOSSL", package: "swift-nio-ssl"),
                asn1,
            ],
            swiftSettings: settings
        ),
        .target(
            name: "EnrollmentLoad",
            dependencies: ["CryptographicMessageSyntax", "SCEP", "SCEPClient"],
            swiftSettings: settings
        ),
        .target(
            name: "CertificateAuthority",
            dependencies: ["CLibcrypto", "CryptographicMessageSyntax", x509, asn1, crypto, cryptoExtras],
            swiftSettings: settings
        ),
        .target(
            name: "Registry",
            dependencies: [
                "CLibpq",
                .product(name: "GRDB", package: "GRDB.swift"),
                .product(name: "GRDBSQLite", package: "GRDB.swift"),
                crypto,
            ],
            swiftSettings: settings
        ),
        .target(
            name: "Enrollment",
            dependencies: [
                "CryptographicMessageSyntax", "SCEP", "CertificateAuthority", "Registry", crypto, x509, asn1,
            ],
            swiftSettings: settings
        ),
        .target(name: "AdministrationAPI", swiftSettings: settings),
        .target(name: "AdminUI", dependencies: ["AdministrationAPI"], swiftSettings: settings),
        .target(
            name: "Server",
            dependencies: [
                "AdminUI",
                "AdministrationAPI",
                "CertificateAuthority",
                "CryptographicMessageSyntax",
                "Enrollment",
                "Registry",
                "SCEP",
                .product(name: "Configuration", package: "swift-configuration"),
                .product(name: "Hummingbird", package: "hummingbird"),
                .product(name: "HummingbirdCore", package: "hummingbird"),
                .product(name: "HummingbirdTLS", package: "hummingbird"),
                .product(name: "NIOSSL", package: "swift-nio-ssl"),
                .product(name: "HTTPTypes", package: "swift-http-types"),
                .product(name: "NIOCore", package: "swift-nio"),
                .product(name: "NIOHTTP1", package: "swift-nio"),
                .product(name: "NIOHTTPTypes", package: "swift-nio-extras"),
                .product(name: "NIOHTTPTypesHTTP1", package: "swift-nio-extras"),
                .product(name: "ServiceLifecycle", package: "swift-service-lifecycle"),
                .product(name: "SystemPackage", package: "swift-system"),
                .product(name: "UnixSignals", package: "swift-service-lifecycle"),
                cryptoExtras,
                crypto,
                asn1,
                logging,
                x509,
            ],
            swiftSettings: settings
        ),
        .executableTarget(
            name: "ucm",
            dependencies: [
                "AdministrationAPI",
                "CertificateAuthority",
                "CryptographicMessageSyntax",
                "Enrollment",
                "EnrollmentLoad",
                "Registry",
                "SCEP",
                "SCEPClient",
                "Server",
                .product(name: "ArgumentParser", package: "swift-argument-parser"),
                .product(name: "AsyncHTTPClient", package: "async-http-client"),
                .product(name: "Configuration", package: "swift-configuration"),
                .product(name: "NIOCore", package: "swift-nio"),
                .product(name: "NIOHTTP1", package: "swift-nio"),
                .product(name: "NIOSSL", package: "swift-nio-ssl"),
            ],
            swiftSettings: settings
        ),
        .executableTarget(
            name: "ucm-bench",
            dependencies: [
                "CertificateAuthority", "CryptographicMessageSyntax", "SCEP", asn1, crypto, cryptoExtras, x509,
                .product(name: "AsyncHTTPClient", package: "async-http-client"),
                .product(name: "GRDB", package: "GRDB.swift"),
                .product(name: "NIOCore", package: "swift-nio"),
                .product(name: "NIOHTTP1", package: "swift-nio"),
                .product(name: "NIOSSL", package: "swift-nio-ssl"),
            ],
            path: "Benchmarks",
            exclude: ["run"],
            swiftSettings: settings
        ),
        .target(
            name: "TestSupport",
            dependencies: [
                "CryptographicMessageSyntax", "SCEP", "CertificateAuthority", "Registry", "Enrollment", asn1, x509,
            ],
            path: "Tests/TestSupport",
            swiftSettings: settings
        ),
        .testTarget(
            name: "CryptographicMessageSyntaxTests",
            dependencies: ["CryptographicMessageSyntax", "TestSupport", asn1, x509],
            swiftSettings: settings
        ),
        .testTarget(
            name: "SCEPTests",
            dependencies: ["SCEP", "CryptographicMessageSyntax", "TestSupport", asn1, x509],
            exclude: ["Vectors"],
            swiftSettings: settings
        ),
        .testTarget(
            name: "SCEPClientTests",
            dependencies: [
                "CryptographicMessageSyntax", "Enrollment", "EnrollmentLoad", "Registry", "SCEP", "SCEPClient",
                "TestSupport", "ucm", asn1, logging,
                .product(name: "ArgumentParser", package: "swift-argument-parser"),
                .product(name: "Hummingbird", package: "hummingbird"),
                .product(name: "HummingbirdTesting", package: "hummingbird"),
            ],
            swiftSettings: settings
        ),
        .testTarget(
            name: "UCMTests",
            dependencies: [
                "AdministrationAPI", "Server", "TestSupport", "ucm",
                .product(name: "ArgumentParser", package: "swift-argument-parser"),
            ],
            swiftSettings: settings
        ),
        .testTarget(
            name: "CertificateAuthorityTests",
            dependencies: ["CertificateAuthority", "CryptographicMessageSyntax", "TestSupport", asn1, crypto, x509],
            swiftSettings: settings
        ),
        .testTarget(
            name: "RegistryTests",
            dependencies: ["CLibpq", "Registry", "TestSupport", crypto],
            swiftSettings: settings
        ),
        .testTarget(
            name: "EnrollmentTests",
            dependencies: [
                "CertificateAuthority", "CryptographicMessageSyntax", "Enrollment", "Registry", "SCEP", "TestSupport",
                asn1, x509,
            ],
            swiftSettings: settings
        ),
        .testTarget(
            name: "ServerTests",
            dependencies: [
                "AdminUI", "AdministrationAPI", "CertificateAuthority", "CryptographicMessageSyntax", "Enrollment",
                "Registry", "SCEP", "SCEPClient",
                "Server",
                "TestSupport", "ucm", asn1, crypto, cryptoExtras, logging, x509,
                .product(name: "ArgumentParser", package: "swift-argument-parser"),
                .product(name: "Configuration", package: "swift-configuration"),
                .product(name: "HTTPTypes", package: "swift-http-types"),
                .product(name: "Hummingbird", package: "hummingbird"),
                .product(name: "HummingbirdCore", package: "hummingbird"),
                .product(name: "HummingbirdTesting", package: "hummingbird"),
                .product(name: "HummingbirdTLS", package: "hummingbird"),
                .product(name: "NIOCore", package: "swift-nio"),
                .product(name: "NIOPosix", package: "swift-nio"),
                .product(name: "NIOSSL", package: "swift-nio-ssl"),
            ],
            swiftSettings: settings
        ),
    ]
)

// The fuzz targets are built only by `make fuzz`: they need libFuzzer, and every module instrumented for it. Of Server only
// what reads text from outside is there then, so that no HTTP server has to be instrumented.
if Context.environment["UCM_FUZZ"] != nil {
    package.products = []
    package.targets.removeAll { $0.type == .test || ["AdminUI", "Server", "ucm"].contains($0.name) }
    package.targets += [
        .target(
            name: "Server",
            dependencies: ["CertificateAuthority", "Enrollment"],
            sources: [
                "Administration/CommaSeparatedValues.swift",
                "Administration/CommaSeparatedValuesParser.swift",
                "Administration/SpreadsheetFormula.swift",
                "Administration/TimeSpan.swift",
                "Backup/BackupContents.swift",
                "Backup/BackupError.swift",
                "Backup/BackupHeader.swift",
                "HTTP/ForwardedHops.swift",
            ],
            swiftSettings: settings
        ),
        .executableTarget(
            name: "ucm-fuzz",
            dependencies: [
                "AdministrationAPI", "CertificateAuthority", "CryptographicMessageSyntax", "Enrollment", "Registry",
                "SCEP",
                "Server", asn1,
            ],
            path: "Fuzz",
            exclude: ["run"],
            swiftSettings: settings
        ),
    ]
}
