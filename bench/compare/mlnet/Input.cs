using Microsoft.ML;
using Microsoft.ML.Data;

namespace DistTrain.Compare.MlNet;

/// <summary>ML.NET's TextLoader, for both formats; labels are keys of known count, which saves a pass over the file.</summary>
/// <remarks>
/// Not <c>LoadFromSvmLightFile</c>: read by more than one thread it ends in "Duplicate keys found in dataset". TextLoader reads LIBSVM as it is when told
/// how many columns there are: a label, then a sparse part whose column 0 never occurs.
/// </remarks>
static class Input
{
    public static IDataView Read(MLContext context, string path, int classCount, int featureCount) =>
        context.Data.LoadFromTextFile(path, path.EndsWith(".csv", StringComparison.Ordinal) ? Csv(classCount, featureCount) : Libsvm(classCount, featureCount));

    static TextLoader.Options Csv(int classCount, int featureCount) => new()
    {
        HasHeader = true,
        Separators = [','],
        Columns = [Features(0, featureCount), Label(featureCount, classCount)],
    };

    static TextLoader.Options Libsvm(int classCount, int featureCount) => new()
    {
        AllowSparse = true,
        InputSize = featureCount + 2,
        Separators = [' '],
        Columns = [Label(0, classCount), Features(2, featureCount)],
    };

    static TextLoader.Column Features(int first, int count) => new("Features", DataKind.Single, first, first + count - 1);

    static TextLoader.Column Label(int column, int classCount) =>
        new("Label", DataKind.UInt32, [new TextLoader.Range(column)], new KeyCount((ulong)classCount));
}
