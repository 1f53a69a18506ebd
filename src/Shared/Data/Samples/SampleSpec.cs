namespace DistTrain.Data.Samples;

public sealed class SampleSpec
{
    public string X { get; } = "";
    public static SampleSpec Parse(string text) => throw new NotSupportedException(text);
    public Tables.Table CreateTable() => throw new NotSupportedException(X);
    public void Write(Stream stream) => throw new NotSupportedException($"{X}{stream}");
}
