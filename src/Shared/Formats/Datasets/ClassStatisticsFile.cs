using DistTrain.Data.Storage;
using DistTrain.Problems;

namespace DistTrain.Formats.Datasets;

/// <summary>
/// What a manifest has for each active class and feature as held, class by class: over the training rows of the class <c>sum</c> Σ wx and
/// <c>squareSum</c> Σ wx².
/// </summary>
static class ClassStatisticsFile
{
    public static void Write(Stream stream, DatasetManifest manifest) => ArrowFile.Write(
        stream, manifest.ClassFeatureSums.Length,
        ArrowColumn.Of<double>("sum", manifest.ClassFeatureSums),
        ArrowColumn.Of<double>("squareSum", manifest.ClassSquareSums));

    /// <summary>Bytes of the numbers.</summary>
    public static long BytesOf(DatasetManifest manifest) => 2L * sizeof(double) * manifest.ClassFeatureSums.LongLength;

    /// <summary>The manifest with what the file has.</summary>
    /// <exception cref="DistTrainException">DT4706.</exception>
    public static DatasetManifest Read(ReadOnlyMemory<byte> file, DatasetManifest manifest, Func<string, DistTrainException> refuse)
    {
        var read = ArrowFile.Read(file, table => table.RowCount == (long)manifest.ClassCount * manifest.FeatureCount
            ? manifest with
            {
                ClassFeatureSums = table.Numbers<double>("sum").ToArray(),
                ClassSquareSums = table.Numbers<double>("squareSum").ToArray(),
            }
            : throw refuse("it has another number of classes and features than the manifest"), refuse);
        return StatisticsFile.AllFinite(read.ClassFeatureSums) && StatisticsFile.AllFinite(read.ClassSquareSums)
            ? read
            : throw refuse("a sum is not finite");
    }
}
