using BenchmarkDotNet.Attributes;
using DistTrain.Data.Samples;
using DistTrain.Data.Tables;

namespace DistTrain.Bench;

/// <summary>Text to table, one thread, from memory: the bytes of the files divided by the time.</summary>
public class Parsing
{
    const int CsvRows = 200_000;
    const int LibsvmRows = 100_000;

    MemoryFile _csv = new("", []);
    MemoryFile _libsvm = new("", []);

    [GlobalSetup]
    public void Setup()
    {
        _csv = Written("preferences.csv", $"preferences,rows={CsvRows}");
        _libsvm = Written("sparse.libsvm", $"sparse,rows={LibsvmRows},features=1048576,nonzeros=30");
        Work.Declare<Parsing>(nameof(Read), _csv.Bytes.Length + _libsvm.Bytes.Length);
        Work.Declare<Parsing>(nameof(Csv), _csv.Bytes.Length);
        Work.Declare<Parsing>(nameof(Libsvm), _libsvm.Bytes.Length);
    }

    [Benchmark(Baseline = true)]
    public int Read() => MemoryRead.Of<byte>(_csv.Bytes) ^ MemoryRead.Of<byte>(_libsvm.Bytes);

    [Benchmark]
    public int Csv() => TableReader.Read([_csv], new TableOptions()).RowCount;

    [Benchmark]
    public int Libsvm() => TableReader.Read([_libsvm], new TableOptions()).RowCount;

    static MemoryFile Written(string name, string sample)
    {
        using var bytes = new MemoryStream();
        SampleSpec.Parse(sample).Write(bytes);
        return new MemoryFile(name, bytes.ToArray());
    }

    sealed record MemoryFile(string Name, byte[] Bytes) : IInputFile
    {
        public Stream Open() => new MemoryStream(Bytes, writable: false);
    }
}
