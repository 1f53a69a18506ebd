using DistTrain.Data.Storage;
using DistTrain.Problems;

namespace DistTrain.Formats.Datasets;

/// <summary>
/// What a manifest has for each feature as held: <c>schemaFeature</c>, its number in the schema's order; <c>center</c>; over the training
/// rows <c>absoluteSum</c> Σ w|x|, <c>sum</c> Σ wx, <c>squareSum</c> Σ wx².
/// </summary>
static class StatisticsFile
{
    public static void Write(Stream stream, DatasetManifest manifest) => ArrowFile.Write(
        stream, manifest.FeatureCount,
        ArrowColumn.Of("schemaFeature", manifest.Layout.SchemaFeatures.AsSpan()),
        ArrowColumn.Of("center", manifest.Layout.Centers.AsSpan()),
        ArrowColumn.Of<double>("absoluteSum", manifest.AbsoluteSums),
        ArrowColumn.Of<double>("sum", manifest.Sums),
        ArrowColumn.Of<double>("squareSum", manifest.SquareSums));

    /// <summary>The manifest with what the file has.</summary>
    /// <param name="manifest">All but that; its layout counts the features.</param>
    /// <param name="featureCount">D, of the schema.</param>
    /// <exception cref="DistTrainException">DT4706.</exception>
    public static DatasetManifest Read(
        ReadOnlyMemory<byte> file, DatasetManifest manifest, int featureCount, Func<string, DistTrainException> refuse)
    {
        var read = ArrowFile.Read(file, table => table.RowCount == featureCount
            ? With(table, manifest)
            : throw refuse("it has another number of features than the manifest"), refuse);
        if (!IsPermutation(read.Layout.SchemaFeatures.AsSpan())) throw refuse("its features are not those of the schema");
        if (!read.Layout.Centers.All(float.IsFinite)) throw refuse("a center is not finite");
        if (!AllFinite(read.AbsoluteSums) || !AllFinite(read.Sums) || !AllFinite(read.SquareSums)) throw refuse("a sum is not finite");
        return read;
    }

    static DatasetManifest With(ArrowTable table, DatasetManifest manifest) => manifest with
    {
        Layout = manifest.Layout with
        {
            SchemaFeatures = [.. table.Numbers<int>("schemaFeature")],
            Centers = [.. table.Numbers<float>("center")],
        },
        AbsoluteSums = table.Numbers<double>("absoluteSum").ToArray(),
        Sums = table.Numbers<double>("sum").ToArray(),
        SquareSums = table.Numbers<double>("squareSum").ToArray(),
    };

    internal static bool AllFinite(double[] numbers) => Array.TrueForAll(numbers, double.IsFinite);

    static bool IsPermutation(ReadOnlySpan<int> places)
    {
        var seen = new bool[places.Length];
        foreach (var place in places)
        {
            if ((uint)place >= (uint)seen.Length || seen[place]) return false;
            seen[place] = true;
        }
        return true;
    }
}
