namespace DistTrain.Coordinator.Output;

/// <summary>What prepare prints with --json (docs/formats.md). What has no value is absent.</summary>
sealed record PrepareResultJson
{
    /// <summary>The folder.</summary>
    public required string Dataset { get; init; }

    public required string Fingerprint { get; init; }

    /// <summary>SHA-256 of its manifest.json, which has those of all other files.</summary>
    public required string ManifestSha256 { get; init; }

    public required int TrainingRows { get; init; }

    public required int ValidationRows { get; init; }

    public required int Features { get; init; }

    public required IReadOnlyList<string> Classes { get; init; }

    public required int Shards { get; init; }

    /// <summary>Absent where training rows are not rounded.</summary>
    public StorageJson? Storage { get; init; }

    /// <summary>Of all files.</summary>
    public required double Bytes { get; init; }

    /// <summary>Malformed rows that were left out; absent where none were.</summary>
    public int? BadRows { get; init; }
}
