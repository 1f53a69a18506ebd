using System.Buffers.Binary;
using System.Text;
using DistTrain.Formats;
using DistTrain.Problems;

namespace DistTrain.Shared.Tests.Formats;

public sealed class ParametersFileTests
{
    static readonly double[] Weights = [1.5, -2.25, 0, 3, double.Epsilon, 1e300];
    static readonly double[] Intercepts = [0.5, double.NegativeInfinity];

    [Fact]
    public void What_is_written_is_read_bit_for_bit()
    {
        var (weights, intercepts) = Read(Written());

        Assert.Equal(Weights, weights);
        Assert.Equal(Intercepts, intercepts);
    }

    [Theory, InlineData(2, 0), InlineData(1, 1), InlineData(3, 70_000)]
    public void Any_shape_survives(int classCount, int featureCount)
    {
        var weights = Enumerable.Range(0, classCount * featureCount).Select(i => i / 3.0).ToArray();
        var intercepts = Enumerable.Range(0, classCount).Select(i => -i / 7.0).ToArray();
        using var stream = new MemoryStream();
        ParametersFile.Write(stream, weights, intercepts);

        var read = Read(stream.ToArray());

        Assert.Equal(weights, read.Weights);
        Assert.Equal(intercepts, read.Intercepts);
    }

    [Fact]
    public void The_file_is_laid_out_as_safetensors_says()
    {
        var bytes = Written();
        var headerBytes = (int)BinaryPrimitives.ReadUInt64LittleEndian(bytes);

        Assert.Equal(0, headerBytes % 8);
        Assert.Equal(
            """{"weights":{"dtype":"F64","shape":[2,3],"data_offsets":[0,48]},"intercepts":{"dtype":"F64","shape":[2],"data_offsets":[48,64]}}""",
            Encoding.ASCII.GetString(bytes, 8, headerBytes).TrimEnd(' '));
        Assert.Equal(8 + headerBytes + 64, bytes.Length);
        Assert.Equal(1.5, BitConverter.ToDouble(bytes, 8 + headerBytes));
        Assert.Equal(0.5, BitConverter.ToDouble(bytes, 8 + headerBytes + 48));
    }

    [Fact]
    public void Every_file_that_is_cut_short_is_refused()
    {
        var bytes = Written();
        for (var length = 0; length < bytes.Length; length++)
        {
            var problem = Assert.Throws<DistTrainException>(() => Read(bytes[..length])).Problem;
            Assert.Equal(("DT7001", ExitCode.Unreadable, "parameters.safetensors"), (problem.Code, problem.ExitCode, problem.File));
        }
    }

    [Fact]
    public void A_file_with_something_behind_is_refused()
    {
        var problem = Assert.Throws<DistTrainException>(() => Read([.. Written(), 0])).Problem;
        Assert.Equal("parameters.safetensors: there are bytes after the last tensor", problem.Message);
    }

    [Fact]
    public void A_damaged_header_is_refused_or_means_the_same()
    {
        var bytes = Written();
        var headerEnd = 8 + (int)BinaryPrimitives.ReadUInt64LittleEndian(bytes);
        var refused = 0;
        for (var position = 0; position < headerEnd; position++)
        {
            for (var bit = 0; bit < 8; bit++)
            {
                var damaged = bytes.ToArray();
                damaged[position] ^= (byte)(1 << bit);
                if (ReadOrRefuse(damaged) is not { } read)
                {
                    refused++;
                    continue;
                }
                var isSame = read.Weights.SequenceEqual(Weights) && read.Intercepts.SequenceEqual(Intercepts);
                Assert.True(isSame, $"byte {position}, bit {bit}");
            }
        }
        Assert.True(refused > headerEnd * 7, $"only {refused} of {headerEnd * 8} flipped bits were refused");
    }

    [Theory]
    [InlineData("""{"weights":{"dtype":"F32","shape":[1,1],"data_offsets":[0,4]}}""", "numbers of type F32; only F64 is read")]
    [InlineData("""{"weights":{"dtype":"F64","shape":[1,1],"data_offsets":[0,8]}}""", "header: field \"intercepts\" is missing")]
    [InlineData("""{"weights":{"dtype":"F64","shape":[4000000000,4000000000],"data_offsets":[0,8]}}""", "a tensor has an impossible shape")]
    [InlineData("""{"weights":{"dtype":"F64","shape":[2147483647,2147483647],"data_offsets":[0,8]},"intercepts":{"dtype":"F64","shape":[1],"data_offsets":[8,16]}}""", "a tensor is too large")]
    [InlineData("""{"weights":{"dtype":"F64","shape":[1,-1],"data_offsets":[0,8]},"intercepts":{"dtype":"F64","shape":[1],"data_offsets":[8,16]}}""", "a tensor has an impossible shape")]
    [InlineData("""{"weights":{"dtype":"F64","shape":[1,2],"data_offsets":[0,8]},"intercepts":{"dtype":"F64","shape":[1],"data_offsets":[8,16]}}""", "a tensor's shape and place do not fit together")]
    [InlineData("""{"weights":{"dtype":"F64","shape":[1,1],"data_offsets":[0,8]},"intercepts":{"dtype":"F64","shape":[2],"data_offsets":[8,24]}}""", "weights and intercepts have different numbers of classes")]
    [InlineData("""{"weights":{"dtype":"F64","shape":[1,1],"data_offsets":[0,8]},"intercepts":{"dtype":"F64","shape":[1],"data_offsets":[8,16]},"bias":{}}""", "header: field \"bias\" is not known")]
    [InlineData(""" {"weights":{}}""", "the header does not start with \"{\"")]
    public void A_foreign_header_is_refused_by_name(string header, string what)
    {
        var problem = Assert.Throws<DistTrainException>(() => Read(WithHeader(header))).Problem;
        Assert.Equal($"parameters.safetensors: {what}", problem.Message);
    }

    [Fact]
    public void A_header_that_claims_a_gigabyte_costs_none()
    {
        var bytes = new byte[16];
        BinaryPrimitives.WriteUInt64LittleEndian(bytes, 1 << 30);

        var problem = Assert.Throws<DistTrainException>(() => Read(bytes)).Problem;

        Assert.Equal("parameters.safetensors: a header of 1073741824 bytes is out of range", problem.Message);
    }

    [Fact]
    public void Metadata_of_other_writers_is_passed_over()
    {
        var bytes = WithHeader(
            """{"__metadata__":{"format":"pt"},"weights":{"dtype":"F64","shape":[1,1],"data_offsets":[0,8]},"intercepts":{"dtype":"F64","shape":[1],"data_offsets":[8,16]}}""");

        var (weights, intercepts) = Read(bytes);

        Assert.Equal([0.0], weights);
        Assert.Equal([0.0], intercepts);
    }

    static byte[] WithHeader(string header)
    {
        var bytes = new byte[8 + header.Length + 16];
        BinaryPrimitives.WriteUInt64LittleEndian(bytes, (ulong)header.Length);
        Encoding.ASCII.GetBytes(header, bytes.AsSpan(8));
        return bytes;
    }

    static (double[] Weights, double[] Intercepts)? ReadOrRefuse(byte[] bytes)
    {
        try
        {
            return Read(bytes);
        }
        catch (DistTrainException)
        {
            return null;
        }
    }

    static (double[] Weights, double[] Intercepts) Read(byte[] bytes) =>
        ParametersFile.Read(new MemoryStream(bytes), "parameters.safetensors");

    static byte[] Written()
    {
        using var stream = new MemoryStream();
        ParametersFile.Write(stream, Weights, Intercepts);
        return stream.ToArray();
    }
}
