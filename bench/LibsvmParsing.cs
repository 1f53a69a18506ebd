using BenchmarkDotNet.Attributes;
using DistTrain.Data;
using DistTrain.Data.Samples;
using DistTrain.Data.Tables;
using DistTrain.Numerics;
using DistTrain.Shared.Tests.Data.Direct;

namespace DistTrain.Bench;

/// <summary>LIBSVM in a file that is read by offset, one thread: reading it into a compact table, and making the dataset of that, for the bytes of it.</summary>
public class LibsvmParsing
{
    const int Rows = 100_000;

    static readonly DatasetOptions All = new() { ValidationFraction = 0 };

    RandomFile _file = new("sparse.libsvm", []);

    [GlobalSetup]
    public void Setup()
    {
        using var bytes = new MemoryStream();
        SampleSpec.Parse($"sparse,rows={Rows},features=1048576,nonzeros=30").Write(bytes);
        _file = new RandomFile("sparse.libsvm", bytes.ToArray());
        Work.Declare<LibsvmParsing>(nameof(Read), _file.Bytes.Length);
        Work.Declare<LibsvmParsing>(nameof(Compact), _file.Bytes.Length);
        Work.Declare<LibsvmParsing>(nameof(Dataset), _file.Bytes.Length);
    }

    [Benchmark(Baseline = true)]
    public int Read() => MemoryRead.Of<byte>(_file.Bytes);

    [Benchmark]
    public int Compact() => ReadTable().RowCount;

    [Benchmark]
    public int Dataset() => DatasetBuilder.Build(ReadTable(), null, All).Manifest.FeatureCount;

    Table ReadTable() => TableReader.Read([_file], new TableOptions(), parallel: SerialFor.Instance);
}
