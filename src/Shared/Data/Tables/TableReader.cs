namespace DistTrain.Data.Tables;

public static class TableReader
{
    public static Table Read(IReadOnlyList<IInputFile> files, TableOptions options) => throw new NotSupportedException($"{files}{options}");
    public static Table ReadFor(IReadOnlyList<IInputFile> files, TableOptions options, Schema.FeatureSchema schema, string? labelName, bool labelRequired) => throw new NotSupportedException($"{files}{options}{schema}{labelName}{labelRequired}");
}
