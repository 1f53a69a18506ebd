using DistTrain.Formats.State;
using DistTrain.Shared.Tests.Testing;

namespace DistTrain.Shared.Tests.Formats.State;

public class StateTests
{
    [Fact]
    public void What_is_written_is_read_to_the_bit()
    {
        var doubles = Enumerable.Range(0, 200_001).Select(i => i == 7 ? double.NaN : i / 3.0).ToArray();
        using var stream = Saved.Of(writer =>
        {
            writer.Tag("all");
            writer.Write(-5);
            writer.Write(long.MinValue);
            writer.Write(ulong.MaxValue);
            writer.Write(-0.0);
            writer.Write(true);
            writer.Write("λ, ü");
            writer.Write(doubles);
            writer.Write([1, -2, 3]);
            writer.Write(ReadOnlySpan<double>.Empty);
        });

        var reader = new StateReader(stream);
        reader.Expect("all");
        Assert.Equal(-5, reader.ReadInt32());
        Assert.Equal(long.MinValue, reader.ReadInt64());
        Assert.Equal(ulong.MaxValue, reader.ReadUInt64());
        Assert.Equal(BitConverter.DoubleToInt64Bits(-0.0), BitConverter.DoubleToInt64Bits(reader.ReadDouble()));
        Assert.True(reader.ReadBoolean());
        Assert.Equal("λ, ü", reader.ReadString());
        Assert.Equal(
            doubles.Select(BitConverter.DoubleToInt64Bits), reader.ReadDoubles(doubles.Length).Select(BitConverter.DoubleToInt64Bits));
        Assert.Equal([1, -2, 3], reader.ReadInt32s());
        Assert.Empty(reader.ReadDoubles());
        Assert.Equal(stream.Length, stream.Position);
    }

    [Fact]
    public void Numbers_lie_little_endian()
    {
        using var stream = Saved.Of(writer => writer.Write([1, 2]));

        Assert.Equal([2, 0, 0, 0, 1, 0, 0, 0, 2, 0, 0, 0], stream.ToArray());
    }

    [Fact]
    public void Another_tag_is_refused_by_name()
    {
        using var stream = Saved.Of(writer => writer.Tag("adam"));

        var refusal = Assert.Throws<InvalidDataException>(() => new StateReader(stream).Expect("lbfgs"));
        Assert.Equal("the state holds \"adam\" where \"lbfgs\" was expected", refusal.Message);
    }

    [Fact]
    public void Another_count_is_refused()
    {
        using var stream = Saved.Of(writer => writer.Write([1.0, 2.0]));

        var refusal = Assert.Throws<InvalidDataException>(() => new StateReader(stream).ReadDoubles(3));
        Assert.Equal("the state holds 2 numbers where 3 were expected", refusal.Message);
    }

    [Fact]
    public void A_length_that_the_stream_does_not_hold_is_refused_without_being_allocated()
    {
        using var stream = Saved.Of(writer => writer.Write(int.MaxValue));

        Assert.Equal("the state ends too early", Assert.Throws<InvalidDataException>(() => new StateReader(stream).ReadDoubles()).Message);
    }

    [Theory, InlineData(-1), InlineData(int.MinValue)]
    public void A_negative_length_is_refused(int length)
    {
        using var stream = Saved.Of(writer => writer.Write(length));

        Assert.Equal(
            $"the state holds a length of {length}", Assert.Throws<InvalidDataException>(() => new StateReader(stream).ReadInt32s()).Message);
    }

    [Fact]
    public void A_state_cut_anywhere_is_refused()
    {
        using var whole = Saved.Of(Fill);
        for (var length = 0; length < whole.Length; length++)
        {
            using var cut = new MemoryStream(whole.ToArray()[..length]);
            Assert.Equal("the state ends too early", Assert.Throws<InvalidDataException>(() => Read(new StateReader(cut))).Message);
        }

        static void Fill(StateWriter writer)
        {
            writer.Write("tag");
            writer.Write(7);
            writer.Write(true);
            writer.Write([1.5, 2.5]);
        }

        static void Read(StateReader reader)
        {
            reader.ReadString();
            reader.ReadInt32();
            reader.ReadBoolean();
            reader.ReadDoubles();
        }
    }
}
