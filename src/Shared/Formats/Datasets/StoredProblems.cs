using DistTrain.Data.Storage;
using DistTrain.Problems;

namespace DistTrain.Formats.Datasets;

/// <summary>What can be wrong with a dataset on disk.</summary>
public static class StoredProblems
{
    /// <summary>A folder, or what was taken for one, holds no dataset.</summary>
    public static Problem NoDataset(string shown) => new(
        "DT4701", ExitCode.Input, $"{shown}: there is no dataset here", $"expected: a folder with a {DatasetNames.Manifest}",
        "fix: check the path; a dataset is written by \"disttrain prepare\"")
    {
        File = shown,
    };

    internal static Problem ManifestDamaged(string shown, string what) => Damaged("DT4702", shown, what);

    internal static Problem OtherFormat(string shown, long version) => new(
        "DT4703", ExitCode.Input,
        FormattableString.Invariant($"{shown}: format version {version}, but this version reads {ManifestFile.FormatVersion}"),
        "fix: prepare the dataset again with this version, or use the version that wrote it")
    {
        File = shown,
    };

    /// <summary>A file that the manifest names cannot be had.</summary>
    public static Problem Unreadable(string shown, string why) => Damaged("DT4704", shown, $"cannot be read ({why})");

    internal static Problem OtherLength(string shown, StoredFile file, long found) => Damaged(
        "DT4705", shown, FormattableString.Invariant($"damaged: it has {found} bytes where the manifest says {file.Bytes}"));

    internal static Problem OtherHash(string shown) => Damaged("DT4705", shown, "damaged: its SHA-256 is not the one in the manifest");

    internal static Problem OtherContent(string shown, string what) => Damaged("DT4706", shown, what);

    internal static Problem OtherFingerprint(string shown, string found, string expected) => Damaged(
        "DT4707", shown, $"its shards make fingerprint {found}, but it says {expected}");

    internal static Problem OtherRows(string shown) => Damaged("DT4707", shown, "its rows are not those of the manifest's fingerprint");

    internal static Problem ShardTooLarge(DatasetPart part, ShardId shard, long bytes, long bytesMax) => new(
        "DT3507", ExitCode.Configuration,
        FormattableString.Invariant($"{DatasetNames.Of(part, shard)} would have {bytes} bytes, more than a file of a dataset can"),
        FormattableString.Invariant($"expected: at most {bytesMax} bytes a shard"), "fix: more --shards");

    internal static Problem TooManyNumbers(string name, long bytes, long bytesMax) => new(
        "DT3508", ExitCode.Configuration,
        FormattableString.Invariant($"{name} would have {bytes} bytes, more than a file of a dataset can"),
        FormattableString.Invariant($"expected: at most {bytesMax} bytes, 16 for each class and feature"),
        "fix: fewer classes or features");

    static Problem Damaged(string code, string shown, string what) => new(
        code, ExitCode.Input, $"{shown}: {what}", "expected: a dataset as this version writes it",
        "fix: copy the folder again, or prepare the dataset again")
    {
        File = shown,
    };
}
